import COpenSSL
internal import Secrets

/// HMAC-SHA1 (RFC 2104) of OpenSSL's libcrypto, which is opened on first use.
@safe
struct HMACSHA1: @unchecked Sendable {
  private static let opened = HMACSHA1()
  private static let length = 20
  private let functions: UnsafePointer<libcrypto_functions>

  private init?() {
    guard let functions = unsafe libcrypto_load() else { return nil }
    unsafe self.functions = functions
  }

  static func open() throws(OneTimeCodeError) -> HMACSHA1 {
    guard let opened else { throw .libraryMissing("libcrypto.so.3", package: "libssl3") }
    return opened
  }

  /// 20 bytes; EVP_Q_mac(3).
  func code(of message: [UInt8], key: borrowing SecretBytes) throws(OneTimeCodeError) -> SecretBytes {
    let message = message.span
    var code = SecretBytes(capacity: Self.length)
    try key.withBytes { key throws(OneTimeCodeError) in
      try code.append(upTo: Self.length) { code throws(OneTimeCodeError) in
        guard authenticate(message, key: key, into: &code) else { throw .algorithmUnavailable("HMAC-SHA1") }
        return Self.length
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
            nil, "HMAC", nil, "SHA1", nil, key.baseAddress, key.count, message.baseAddress, message.count,
            code.baseAddress, code.count, nil) != nil
        }
      }
    }
  }
}
