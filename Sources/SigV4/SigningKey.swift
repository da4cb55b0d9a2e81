internal import Hashing
internal import Secrets

/// The key derived from a secret access key for one scope.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
struct SigningKey: ~Copyable {
  private let bytes: SecretBytes

  init(_ secretAccessKey: borrowing SecretBytes, scope: SigningScope) throws(HashingError) {
    var secret = SecretBytes(copying: "AWS4")
    secret.append(secretAccessKey)
    let day = try Self.code(of: scope.day, key: secret)
    let region = try Self.code(of: scope.region, key: day)
    let service = try Self.code(of: scope.service, key: region)
    bytes = try Self.code(of: SigningScope.terminator, key: service)
  }

  /// The signature of `stringToSign`, 64 hexadecimal digits.
  func signature(of stringToSign: String) throws(HashingError) -> String {
    try Self.code(of: stringToSign, key: bytes).withBytes { Digest.hex($0) }
  }

  private static func code(of text: String, key: borrowing SecretBytes) throws(HashingError) -> SecretBytes {
    try HMAC.sha256.code(of: text.utf8.span, key: key)
  }
}
