package import Secrets

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
