/// What a run asks AWS to see whether MFA is enforced.
package enum Check: String, CaseIterable, Sendable {
  case identity = "caller-identity"
  case buckets = "list-buckets-without-mfa"
  case role = "assume-role-without-mfa"
  case session = "session-with-mfa"
  case sessionIdentity = "caller-identity-with-mfa"
  case bucketsWithMFA = "list-buckets-with-mfa"
  /// Once more without MFA: the session has shown that the policies are in force, so this denial is theirs.
  case bucketsAfterwards = "list-buckets-without-mfa-afterwards"

  package var expectation: Expectation {
    switch self {
    case .buckets, .role, .bucketsAfterwards: .denied
    case .identity, .sessionIdentity: .identity
    case .session: .session
    case .bucketsWithMFA: .allowed
    }
  }

  package enum Expectation: String, Sendable {
    case identity
    case denied
    case session
    case allowed
  }
}
