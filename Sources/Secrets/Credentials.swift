package import FoundationEssentials

/// An AWS access key, or the temporary credentials of a session.
package struct Credentials: ~Copyable, Sendable {
  package let accessKeyID: String
  package let secretAccessKey: SecretBytes
  /// Present in temporary credentials only.
  package let sessionToken: SecretBytes?
  /// When AWS stops accepting them; nil for a long-term key.
  package let expiration: Date?
  /// The account that they give access to, if it is known.
  package var account: String?

  package init(
    accessKeyID: String, secretAccessKey: consuming SecretBytes, sessionToken: consuming SecretBytes? = nil,
    expiration: Date? = nil, account: String? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
    self.account = account
  }

  /// Seconds until they expire at `now`; nil for a long-term key.
  package func timeLeft(at now: Date) -> TimeInterval? {
    expiration.map { $0.timeIntervalSince(now) }
  }
}

extension Credentials {
  /// A second owner of the same credentials.
  package func clone() -> Credentials {
    Credentials(
      accessKeyID: accessKeyID, secretAccessKey: secretAccessKey.clone(),
      sessionToken: sessionToken.withValue { $0.clone() }, expiration: expiration, account: account)
  }
}
