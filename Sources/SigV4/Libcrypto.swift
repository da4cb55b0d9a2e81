import COpenSSL
internal import Secrets

/// OpenSSL's libcrypto, opened on first use.
@safe
struct Libcrypto: @unchecked Sendable {
  private static let opened = Libcrypto()
  private static let sha256Length = 32
  private let functions: UnsafePointer<libcrypto_functions>

  private init?() {
    guard let functions = unsafe libcrypto_load() else { return nil }
    unsafe self.functions = functions
  }

  static func open() throws(SigningError) -> Libcrypto {
    guard let opened else { throw .libraryMissing("libcrypto.so.3", package: "libssl3") }
    return opened
  }

  /// EVP_Digest(3).
  func sha256(of bytes: borrowing Span<UInt8>) throws(SigningError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Self.sha256Length)
    let done = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe digest.withUnsafeMutableBufferPointer { output in
        unsafe functions.pointee.EVP_Digest(
          input.baseAddress, input.count, output.baseAddress, nil, functions.pointee.EVP_sha256(), nil)
      }
    }
    guard done == 1 else { throw .algorithmUnavailable("SHA-256") }
    return digest
  }

  /// HMAC-SHA256 (RFC 2104) of `text` under `key`; EVP_Q_mac(3).
  func authenticationCode(of text: String, key: borrowing SecretBytes) throws(SigningError) -> SecretBytes {
    let message = text.utf8.span
    var code = SecretBytes(capacity: Self.sha256Length)
    try key.withBytes { key throws(SigningError) in
      try code.append(upTo: Self.sha256Length) { code throws(SigningError) in
        guard authenticate(message, key: key, into: &code) else { throw .algorithmUnavailable("HMAC-SHA256") }
        return Self.sha256Length
      }
    }
    return code
  }

  private func authenticate(
    _ message: borrowing Span<UInt8>, key: borrowing Span<UInt8>, into code: inout MutableSpan<UInt8>
  ) -> Bool {
    unsafe code.withUnsafeMutableBufferPointer { code in
      unsafe key.withUnsafeBufferPointer { key in
        unsafe message.withUnsafeBufferPointer { message in
          unsafe functions.pointee.EVP_Q_mac(
            nil, "HMAC", nil, "SHA256", nil, key.baseAddress, key.count, message.baseAddress, message.count,
            code.baseAddress, code.count, nil) != nil
        }
      }
    }
  }
}
