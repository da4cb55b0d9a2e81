/// When a statement holds.
enum PolicyCondition: Equatable, Sendable {
  /// The credentials were got with an MFA code.
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
  case mfa

  var json: String {
    switch self {
    case .mfa: #"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#
    }
  }
}
