import COpenSSL
package import POSIX
package import Secrets

/// Digests, by OpenSSL (FIPS 180-4).
package enum Digest {
  package static func sha256(of bytes: borrowing SecretBytes) throws(HashingError) -> [UInt8] {
    try digest(of: bytes, by: "SHA-256", length: 32)
  }

  /// For names that the AWS CLI gives to files; it protects nothing.
  package static func sha1(of bytes: borrowing SecretBytes) throws(HashingError) -> [UInt8] {
    try digest(of: bytes, by: "SHA-1", length: 20)
  }

  private static func digest(
    of bytes: borrowing SecretBytes, by algorithm: String, length: Int
  ) throws(HashingError) -> [UInt8] {
    let libcrypto = try Libcrypto.open()
    var digest = [UInt8](repeating: 0, count: length)
    let done = unsafe bytes.withPointer { bytes in
      unsafe libcrypto.functions.pointee.EVP_Q_digest(nil, algorithm, nil, bytes.baseAddress, bytes.count, &digest, nil)
    }
    guard done == 1 else { throw .algorithmUnavailable(algorithm) }
    return digest
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
    let libcrypto = try Libcrypto.open()
    let code = unsafe SecretBytes(upTo: length) { code in
      unsafe key.withPointer { key in
        unsafe message.withUnsafeBufferPointer { message in
          let end = unsafe libcrypto.functions.pointee.EVP_Q_mac(
            nil, "HMAC", nil, rawValue, nil, key.baseAddress, key.count, message.baseAddress, message.count,
            code.baseAddress, code.count, nil)
          return unsafe end == nil ? nil : code.count
        }
      }
    }
    guard let code else { throw .algorithmUnavailable("HMAC-\(rawValue)") }
    return code
  }

  /// Bytes of a code.
  private var length: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
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
}

// MARK: - Pointers

extension SecretBytes {
  /// Lends the bytes to a function of C.
  @unsafe
  func withPointer<Result: ~Copyable>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withBytes { bytes in unsafe bytes.withUnsafeBufferPointer { unsafe body($0) } }
  }

  /// What a function of C writes, which tells the number of bytes; nil if it fails.
  @unsafe
  init?(upTo limit: Int, writtenBy body: (UnsafeMutableBufferPointer<UInt8>) -> Int?) {
    self.init()
    var count: Int?
    append(upTo: limit) { bytes in
      count = unsafe bytes.withUnsafeMutableBufferPointer { unsafe body($0) }
      return count ?? 0
    }
    if count == nil { return nil }
  }
}
