import COpenSSL
package import POSIX
package import Secrets

/// SHA-256 digests for signatures, by OpenSSL (FIPS 180-4).
package enum Digest {
  package static func sha256(of bytes: borrowing SecretBytes) throws(HashingError) -> [UInt8] {
    let libcrypto = try Libcrypto.open()
    return try bytes.withBytes { bytes throws(HashingError) in try libcrypto.sha256(of: bytes) }
  }

  /// For names that the AWS CLI gives to files; it protects nothing.
  package static func sha1(of bytes: borrowing SecretBytes) throws(HashingError) -> [UInt8] {
    let libcrypto = try Libcrypto.open()
    return try bytes.withBytes { bytes throws(HashingError) in try libcrypto.sha1(of: bytes) }
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

// MARK: - HMAC

/// Keyed authentication codes (RFC 2104), by OpenSSL.
package enum HMAC: String, Sendable {
  case sha1 = "SHA1"
  case sha256 = "SHA256"

  /// The code of `message` under `key`.
  package func code(
    of message: borrowing Span<UInt8>, key: borrowing SecretBytes
  ) throws(HashingError) -> SecretBytes {
    try Libcrypto.open().authenticationCode(of: message, key: key, by: self)
  }

  /// Bytes of a code.
  var length: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
    }
  }
}

// MARK: - Base64

/// Base64 (RFC 4648, 4), by OpenSSL.
package enum Base64 {
  /// The bytes that `text` stands for; nil if it is not whole groups of four, with padding at the end only.
  package static func decode(_ text: borrowing SecretBytes) throws(HashingError) -> SecretBytes? {
    let libcrypto = try Libcrypto.open()
    return text.withBytes { text in
      var end = text.count
      while end > 0, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
      guard text.count % 4 == 0, text.count - end <= 2, (0..<end).allSatisfy({ isDigit(text[$0]) }) else { return nil }
      return libcrypto.decodeBase64(text)?.clone(0..<(end * 3 / 4))
    }
  }

  /// `bytes` in the alphabet for URLs, without padding (RFC 4648, 5), by code of our own: for what is no secret.
  package static func urlText(_ bytes: borrowing Span<UInt8>) -> String {
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = (start..<min(start + 3, bytes.count)).reduce(0) { $0 | Int(bytes[$1]) << (16 - 8 * ($1 - start)) }
      for digit in 0...min(3, bytes.count - start) { text.unicodeScalars.append(urlDigit(group >> (18 - 6 * digit))) }
    }
    return text
  }

  package static func urlText(_ bytes: [UInt8]) -> String { urlText(bytes.span) }

  private static func urlDigit(_ group: Int) -> Unicode.Scalar {
    Unicode.Scalar(Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)[group & 0x3f])
  }

  /// As `decode`, but also of the alphabet for URLs, without padding or with white space in between: text that people
  /// pasted, and parts of tokens.
  package static func decodeLeniently(_ text: borrowing SecretBytes) throws(HashingError) -> SecretBytes? {
    var strict = SecretBytes(capacity: text.count + 3)
    text.withBytes { text in
      for index in text.indices {
        switch text[index] {
        case UInt8(ascii: "-"): strict.append("+")
        case UInt8(ascii: "_"): strict.append("/")
        case UInt8(ascii: "="), 0x09...0x0d, 0x20: break
        case let digit: strict.append(digit)
        }
      }
    }
    while strict.count % 4 != 0 { strict.append("=") }
    return try decode(strict)
  }

  // OpenSSL takes white space around the text, and padding anywhere in it.
  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "+"), UInt8(ascii: "/"): true
    default: false
    }
  }
}

/// Why OpenSSL computed no digest or authentication code.
package enum HashingError: Error, Equatable {
  case libraryMissing(LibraryMissing)
  /// libcrypto is there but refuses, for example because a FIPS provider failed its self-test.
  case algorithmUnavailable(String)
}

// MARK: - Libcrypto

typealias Libcrypto = SharedLibrary<libcrypto_functions>

private let libcrypto = unsafe Libcrypto.opened(
  libcrypto_load(), else: LibraryMissing("libcrypto.so.3", package: "libssl3"))

extension Libcrypto {
  static func open() throws(HashingError) -> Libcrypto {
    do { return try libcrypto.get() } catch { throw .libraryMissing(error) }
  }

  func sha256(of bytes: borrowing Span<UInt8>) throws(HashingError) -> [UInt8] {
    guard let digest = unsafe digest(of: bytes, by: functions.pointee.EVP_sha256(), length: 32) else {
      throw .algorithmUnavailable("SHA-256")
    }
    return digest
  }

  func sha1(of bytes: borrowing Span<UInt8>) throws(HashingError) -> [UInt8] {
    guard let digest = unsafe digest(of: bytes, by: functions.pointee.EVP_sha1(), length: 20) else {
      throw .algorithmUnavailable("SHA-1")
    }
    return digest
  }

  /// EVP_Digest(3).
  private func digest(of bytes: borrowing Span<UInt8>, by algorithm: OpaquePointer?, length: Int) -> [UInt8]? {
    var digest = [UInt8](repeating: 0, count: length)
    let done = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe digest.withUnsafeMutableBufferPointer { output in
        unsafe functions.pointee.EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, algorithm, nil)
      }
    }
    return done == 1 ? digest : nil
  }

  /// EVP_DecodeBlock(3), whose padding becomes zeros.
  func decodeBase64(_ text: borrowing Span<UInt8>) -> SecretBytes? {
    var bytes = SecretBytes()
    var count: Int32 = 0
    bytes.append(upTo: text.count / 4 * 3) { output in
      count = unsafe text.withUnsafeBufferPointer { text in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe functions.pointee.EVP_DecodeBlock(output.baseAddress, text.baseAddress, Int32(text.count))
        }
      }
      return max(0, Int(count))
    }
    if count < 0 { return nil }
    return bytes
  }

  /// EVP_Q_mac(3).
  func authenticationCode(
    of message: borrowing Span<UInt8>, key: borrowing SecretBytes, by algorithm: HMAC
  ) throws(HashingError) -> SecretBytes {
    var code = SecretBytes(capacity: algorithm.length)
    try key.withBytes { key throws(HashingError) in
      try code.append(upTo: algorithm.length) { code throws(HashingError) in
        guard authenticate(message, key: key, by: algorithm, into: &code) else {
          throw .algorithmUnavailable("HMAC-\(algorithm.rawValue)")
        }
        return algorithm.length
      }
    }
    return code
  }

  private func authenticate(
    _ message: borrowing Span<UInt8>, key: borrowing Span<UInt8>, by algorithm: HMAC,
    into code: inout MutableSpan<UInt8>
  ) -> Bool {
    unsafe code.withUnsafeMutableBufferPointer { code in
      unsafe key.withUnsafeBufferPointer { key in
        unsafe message.withUnsafeBufferPointer { message in
          unsafe functions.pointee.EVP_Q_mac(
            nil, "HMAC", nil, algorithm.rawValue, nil, key.baseAddress, key.count, message.baseAddress, message.count,
            code.baseAddress, code.count, nil) != nil
        }
      }
    }
  }
}
