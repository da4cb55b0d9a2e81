/// A proof on a real account that MFA protection works, after AWS's code examples.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
package enum Scenario: String, CaseIterable, Sendable {
  /// A user's policy that asks for MFA, satisfied by GetSessionToken.
  case sessionToken = "session-token"
  /// A role that trusts a user only with MFA, satisfied by AssumeRole.
  case assumeRole = "assume-role"
}
