package import AWSServices
package import AWSValues
internal import FoundationEssentials
internal import Hashing
internal import Keyring
package import Profiles
internal import Secrets

/// What the keyring holds of one Identity Center session: what we are registered as, for each way to sign in, and the
/// token of whoever has signed in.
package struct IdentityCenterState: ~Copyable {
  /// The URL of the portal that knows the token.
  private(set) var portal = ""
  package var token: AccessToken?
  /// How the token was obtained: it is refreshed by the same registration.
  private(set) var tokenFlow = SignInFlow.device
  private var received: Date?
  /// When the token was last refreshed without success, for a reason that may pass.
  var refreshFailed: Date?
  var deviceRegistration: ClientRegistration?
  var codeRegistration: ClientRegistration?

  init(portal: String) { self.portal = portal }

  /// Throws `PayloadError` for anything that `payload` did not make.
  init(payload: borrowing SecretBytes) throws {
    var reader = try JSONPayloadReader(payload)
    portal = try reader.nextText("portal")
    if let secret = try reader.nextIfPresent("access_token") {
      let expiration = try reader.nextDate("expires")
      let refreshToken = try reader.nextIfPresent("refresh_token")
      guard let flow = SignInFlow(rawValue: try reader.nextText("signed_in_by")) else { throw PayloadError.malformed }
      token = AccessToken(token: secret, refreshToken: refreshToken, expiration: expiration)
      tokenFlow = flow
      received = try reader.nextDate("received")
    }
    refreshFailed = try reader.nextDateIfPresent("refresh_failed")
    deviceRegistration = try reader.nextRegistration(.device)
    codeRegistration = try reader.nextRegistration(.authorizationCode)
    try reader.finish()
  }

  func payload() -> SecretBytes {
    var writer = JSONPayloadWriter()
    writer.append("portal", portal)
    token.withValue { token in
      writer.append("access_token", token.token)
      writer.append("expires", token.expiration.rfc3339)
      token.refreshToken.withValue { writer.append("refresh_token", $0) }
      writer.append("signed_in_by", tokenFlow.rawValue)
      if let received { writer.append("received", received.rfc3339) }
    }
    if let refreshFailed { writer.append("refresh_failed", refreshFailed.rfc3339) }
    deviceRegistration.withValue { writer.append($0) }
    codeRegistration.withValue { writer.append($0) }
    return writer.sealed()
  }

  mutating func setToken(_ token: consuming AccessToken, from flow: SignInFlow, at now: Date) {
    self.token = .some(token)
    (tokenFlow, received, refreshFailed) = (flow, now, nil)
  }

  /// Whether the token was obtained within the last minute: another would end no later, as in the last minutes of a session.
  func isNew(at now: Date) -> Bool { received?.pauseLeft(at: now) != nil }

  /// Lends the registration for `flow`, if it is good for `life` more seconds.
  func withRegistration<Result: ~Copyable>(
    for flow: SignInFlow, life: TimeInterval, at now: Date, _ body: (borrowing ClientRegistration) throws -> Result
  ) throws -> Result? {
    switch flow {
    case .device: try deviceRegistration.withValue { $0.expiration > now + life ? try body($0) : nil } ?? nil
    case .authorizationCode: try codeRegistration.withValue { $0.expiration > now + life ? try body($0) : nil } ?? nil
    }
  }

  mutating func setRegistration(_ registration: consuming ClientRegistration?, for flow: SignInFlow) {
    switch flow {
    case .device: deviceRegistration = registration
    case .authorizationCode: codeRegistration = registration
    }
  }

  /// Drops the refresh token; what is left of the access token is still good.
  mutating func endRefreshing() {
    guard let token = token.take() else { return }
    self.token = AccessToken(token: token.token.clone(), refreshToken: nil, expiration: token.expiration)
  }
}

extension JSONPayloadWriter {
  fileprivate mutating func append(_ registration: borrowing ClientRegistration) {
    let prefix = registration.flow.rawValue
    append(prefix + "_client_id", registration.id)
    append(prefix + "_client_secret", registration.secret)
    append(prefix + "_client_expires", registration.expiration.rfc3339)
  }
}

extension JSONPayloadReader {
  fileprivate mutating func nextRegistration(_ flow: SignInFlow) throws(PayloadError) -> ClientRegistration? {
    guard let id = try nextTextIfPresent(flow.rawValue + "_client_id") else { return nil }
    let secret = try next(flow.rawValue + "_client_secret")
    return ClientRegistration(
      flow: flow, id: id, secret: secret, expiration: try nextDate(flow.rawValue + "_client_expires"))
  }
}

// MARK: - Store

/// The states of Identity Center sessions in the keyring, one item for each.
struct IdentityCenterTokens {
  let store: any SecretStore

  /// An empty state if there is none. A damaged one is useless, and is replaced by the next sign-in.
  func state(of place: IdentityCenterPlace) throws -> IdentityCenterState {
    try state(named: place.name) ?? IdentityCenterState(portal: place.portal)
  }

  func state(named name: String) throws -> IdentityCenterState? {
    do {
      guard let payload = try store.secret(for: Self.item(name)) else { return nil }
      return try IdentityCenterState(payload: payload)
    } catch is PayloadError, SecretStoreError.damaged {
      return nil
    }
  }

  func save(_ state: borrowing IdentityCenterState, of place: IdentityCenterPlace) throws {
    try store.save(state.payload(), for: Self.item(place.name))
  }

  /// The names of all states, including those of sessions that no file names any more.
  var names: [String] { get throws { try store.items(ofKind: .identityCenterToken).map(\.id.name) } }

  func removeState(named name: String) throws { try store.remove(Self.item(name)) }

  private static func item(_ name: String) -> ItemID { ItemID(kind: .identityCenterToken, name: name) }
}

/// Where one signs in to a session, and for what: a token is good nowhere else, so that an edited start URL, region or
/// endpoint never sees it, and edited scopes need a new one.
package struct IdentityCenterPlace: Equatable, Sendable {
  package let session: IdentityCenterSession
  private let signInService: String
  fileprivate let portal: String

  /// All hosts of AWS for one region know the same tokens, those for FIPS and IPv6 too.
  package init(_ session: IdentityCenterSession, reachedBy connection: Connection) throws(EndpointError) {
    var plain = connection
    (plain.useFIPS, plain.useDualStack) = (false, false)
    self.session = session
    signInService = try Endpoint(.ssoOIDC, of: plain).url.text
    portal = try Endpoint(.sso, of: plain).url.text
  }

  /// The name of its token's lock and item; everybody on the bus can read the item's attributes.
  var name: String {
    let place = [session.name ?? "", session.startURL, session.region, signInService, portal]
    return Digest.hex(ofFields: place + session.scopes)
  }
}
