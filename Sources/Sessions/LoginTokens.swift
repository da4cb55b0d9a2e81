internal import FoundationEssentials
internal import Hashing
internal import Keyring
internal import Profiles
internal import Secrets

/// What the keyring holds of one sign-in as with `aws login`: a refresh token, the key that it is bound to, and where it
/// may be refreshed.
struct LoginToken: ~Copyable {
  let identity: LoginIdentity
  /// The base URL of the service that issued it: no other knows it.
  let origin: String
  let clientID: String
  var refreshToken: SecretBytes
  /// In PEM.
  let key: SecretBytes
  let signedIn: Date
  /// When the last refresh failed for a reason that may pass.
  var refreshFailed: Date?

  /// What a sign-in lasts at most.
  static let life: TimeInterval = 12 * 3600
}

extension LoginToken {
  /// Throws `PayloadError` for anything that `payload` did not make.
  init(payload: borrowing SecretBytes) throws(PayloadError) {
    var reader = try JSONPayloadReader(payload)
    let name = try reader.nextText("identity")
    let origin = try reader.nextText("base_url")
    let clientID = try reader.nextText("client_id")
    let refreshToken = try reader.next("refresh_token")
    let key = try reader.next("dpop_key")
    let signedIn = try reader.nextDate("signed_in")
    let refreshFailed = try reader.nextDateIfPresent("refresh_failed")
    try reader.finish()
    guard let identity = LoginIdentity(name) else { throw .malformed }
    self.init(
      identity: identity, origin: origin, clientID: clientID, refreshToken: refreshToken, key: key, signedIn: signedIn,
      refreshFailed: refreshFailed)
  }

  func payload() -> SecretBytes {
    var writer = JSONPayloadWriter()
    writer.append("identity", identity.text)
    writer.append("base_url", origin)
    writer.append("client_id", clientID)
    writer.append("refresh_token", refreshToken)
    writer.append("dpop_key", key)
    writer.append("signed_in", signedIn.rfc3339)
    if let refreshFailed { writer.append("refresh_failed", refreshFailed.rfc3339) }
    return writer.sealed()
  }
}

// MARK: - Store

/// The sign-ins in the keyring, one item for each identity.
struct LoginTokens {
  let store: any SecretStore

  /// Nil if nobody has signed in. A damaged one is useless, and is replaced by the next sign-in.
  func token(of identity: LoginIdentity) throws -> LoginToken? {
    do {
      guard let payload = try store.secret(for: Self.item(of: identity)) else { return nil }
      let token = try LoginToken(payload: payload)
      guard token.identity == identity else { return nil }
      return token
    } catch is PayloadError, SecretStoreError.damaged {
      return nil
    }
  }

  func save(_ token: borrowing LoginToken) throws {
    try store.save(token.payload(), for: Self.item(of: token.identity))
  }

  /// The digest of the identity of every sign-in.
  var names: [String] { get throws { try store.items(ofKind: .loginToken).map(\.id.name) } }

  func remove(named name: String) throws { try store.remove(ItemID(kind: .loginToken, name: name)) }

  /// Attributes can be read by everybody on the bus, so the identity is not among them.
  private static func item(of identity: LoginIdentity) -> ItemID {
    ItemID(kind: .loginToken, name: identity.digest)
  }
}

extension LoginIdentity {
  /// What files and items of it are called: a SHA-256 in hexadecimal, as the AWS CLI names its own.
  var digest: String { Digest.hex(SHA256.digest(text.utf8.span)) }
}
