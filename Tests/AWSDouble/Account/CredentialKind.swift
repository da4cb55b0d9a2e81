/// What sort of credentials signed a call; the only thing about them that is recorded.
package enum CredentialKind: String, Codable, Sendable {
  case longTerm = "long-term key"
  case session = "session"
  case mfaSession = "MFA session"
  case roleSession = "role session"

  var isTemporary: Bool { self != .longTerm }
}
