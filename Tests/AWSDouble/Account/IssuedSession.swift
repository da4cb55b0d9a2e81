import FoundationEssentials

/// Temporary credentials that STS handed out.
struct IssuedSession: Sendable {
  let accessKeyID: String
  let secret: String
  let token: String
  let expiration: Date
  let identity: Identity
  let kind: CredentialKind

  /// New random credentials; secret and token contain the characters that need encoding on their way (`/`, `+`, `=`).
  init(for identity: Identity, kind: CredentialKind, until expiration: Date) {
    accessKeyID = "ASIA" + RandomText.letters(16, of: RandomText.base32)
    secret = RandomText.letters(38, of: RandomText.base64) + "/+"
    token = "IQoJb3JpZ2luX2Vj//" + RandomText.letters(300, of: RandomText.base64) + "+/=="
    self.expiration = expiration
    self.identity = identity
    self.kind = kind
  }
}
