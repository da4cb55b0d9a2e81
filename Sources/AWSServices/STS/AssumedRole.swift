package import Secrets

/// A role's session.
package struct AssumedRole: ~Copyable, Sendable {
  package let credentials: Credentials
  /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION-NAME`.
  package let arn: String

  init(credentials: consuming Credentials, arn: String) {
    self.credentials = credentials
    self.arn = arn
  }

  package consuming func takeCredentials() -> Credentials { credentials }
}
