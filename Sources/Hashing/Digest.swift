package import Secrets

/// SHA-256 digests for signatures, by OpenSSL (FIPS 180-4).
package enum Digest {
  package static func sha256(of bytes: borrowing SecretBytes) throws(HashingError) -> [UInt8] {
    let libcrypto = try Libcrypto.open()
    return try bytes.withBytes { bytes throws(HashingError) in try libcrypto.sha256(of: bytes) }
  }

  /// Two lower-case hexadecimal digits per byte.
  package static func hex(_ bytes: [UInt8]) -> String {
    hex(bytes.span)
  }

  package static func hex(_ bytes: borrowing Span<UInt8>) -> String {
    var text = ""
    text.reserveCapacity(bytes.count * 2)
    for index in bytes.indices {
      text += String(bytes[index] >> 4, radix: 16)
      text += String(bytes[index] & 0xf, radix: 16)
    }
    return text
  }
}
