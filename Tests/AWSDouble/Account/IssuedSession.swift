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
    accessKeyID = "ASIA" + Self.random(16, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    secret = Self.random(38, of: Self.base64) + "/+"
    token = "IQoJb3JpZ2luX2Vj//" + Self.random(300, of: Self.base64) + "+/=="
    self.expiration = expiration
    self.identity = identity
    self.kind = kind
  }

  private static let base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  private static func random(_ count: Int, of alphabet: String) -> String {
    String((0..<count).compactMap { _ in alphabet.randomElement() })
  }
}
