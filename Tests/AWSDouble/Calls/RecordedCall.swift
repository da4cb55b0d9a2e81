/// What is remembered of a call: never a secret, a token, a signature or an MFA code.
package struct RecordedCall: Codable, Equatable, Sendable {
  package var service: Service
  /// AWS's name of the call, or `unknown`.
  package var action: String
  /// The region of the credential scope.
  package var region: String?
  /// nil when unsigned, or signed with a key nobody has.
  package var credentials: CredentialKind?
  /// The ARN that the access key id belongs to, whether or not the signature was right.
  package var principal: String?
  /// The parameters that say what was asked for.
  package var parameters: [String: String] = [:]
  package var hasMFACode = false
  /// `ok`, AWS's error code, or `not carried out` where a fault answered instead.
  package var outcome = "not carried out"
  /// The scripted fault that hit the call.
  package var fault: String?
}
