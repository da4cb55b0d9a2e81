internal import Secrets

/// The key derived from a secret access key for one scope.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
struct SigningKey: ~Copyable {
  private let libcrypto: Libcrypto
  private let bytes: SecretBytes

  init(_ secretAccessKey: borrowing SecretBytes, scope: SigningScope) throws(SigningError) {
    let libcrypto = try Libcrypto.open()
    var secret = SecretBytes(copying: "AWS4")
    secret.append(secretAccessKey)
    let day = try libcrypto.authenticationCode(of: scope.day, key: secret)
    let region = try libcrypto.authenticationCode(of: scope.region, key: day)
    let service = try libcrypto.authenticationCode(of: scope.service, key: region)
    let terminated = try libcrypto.authenticationCode(of: SigningScope.terminator, key: service)
    self.libcrypto = libcrypto
    self.bytes = terminated
  }

  /// The signature of `stringToSign`, 64 hexadecimal digits.
  func signature(of stringToSign: String) throws(SigningError) -> String {
    try libcrypto.authenticationCode(of: stringToSign, key: bytes).withBytes { Digest.hex($0) }
  }
}
