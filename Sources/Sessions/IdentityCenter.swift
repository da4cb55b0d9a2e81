package import AWSServices
package import FoundationEssentials
internal import Hashing
package import Keyring
package import Profiles
package import Secrets

/// Credentials for roles of IAM Identity Center, by the token of the person who signed in.
///
/// One process at a time refreshes a token or signs in; the others wait for what it gets. A process that may not ask for a
/// sign-in does not wait for one.
package struct IdentityCenter {
  private let tokens: IdentityCenterTokens
  private let connect: (IdentityCenterSession) throws -> IdentityCenterServices
  private let locks: NamedLocks?
  private let signIn: any SignInPrompter
  private let sharedToken: (IdentityCenterSession) -> AccessToken?
  private let now: @Sendable () -> Date
  private let warn: (SessionWarning) -> Void

  /// - Parameters:
  ///   - connect: reaches the services that a session names.
  ///   - sharedToken: the token that the AWS CLI keeps for a session, if there is one; it is used and never copied.
  package init(
    store: any SecretStore, connect: @escaping (IdentityCenterSession) throws -> IdentityCenterServices,
    locks: NamedLocks?, signIn: any SignInPrompter, sharedToken: @escaping (IdentityCenterSession) -> AccessToken?,
    now: @escaping @Sendable () -> Date, warn: @escaping (SessionWarning) -> Void
  ) {
    tokens = IdentityCenterTokens(store: store)
    self.connect = connect
    self.locks = locks
    self.signIn = signIn
    self.sharedToken = sharedToken
    self.now = now
    self.warn = warn
  }

  /// A token is refreshed this many seconds before it expires.
  fileprivate static let refreshMargin: TimeInterval = 15 * 60
  /// Seconds that are enough for one more call.
  fileprivate static let callMargin: TimeInterval = 60

  // MARK: Use

  func credentials(for role: CredentialPlan.IdentityCenterRole) throws -> Credentials {
    do {
      return try withToken(of: role.session) { services, token in
        try services.portal.roleCredentials(account: role.account, role: role.role, token: token)
      }
    } catch let error as AWSError where [403, 404].contains(error.refusal?.status) {
      throw SignInError.noAssignment(account: role.account, role: role.role, role.session.sourceName)
    }
  }

  /// Lends a token to `body`; if the portal does not know it, a new one, once.
  package func withToken<Result: ~Copyable>(
    of session: IdentityCenterSession,
    _ body: (IdentityCenterServices, borrowing SecretBytes) throws -> Result
  ) throws -> Result {
    let services = try connect(session)
    let token = try token(at: services, otherThan: nil)
    do {
      return try body(services, token)
    } catch let error as AWSError where error.refusal?.status == 401 {}
    return try body(services, self.token(at: services, otherThan: TokenID(token)))
  }

  /// Fails if nobody can sign in here and no stored token makes it unnecessary.
  func requireToken(of session: IdentityCenterSession) throws {
    guard let obstacle = signIn.obstacle else { return }
    let services = try connect(session)
    guard try !hasToken(at: services) else { return }
    throw SignInError.needed(session.sourceName, obstacle)
  }

  private func hasToken(at services: IdentityCenterServices) throws -> Bool {
    let state = try tokens.state(of: services.place)
    return state.token.withValue { $0.refreshToken.exists } == true
      || state.freshToken(at: now(), for: Self.callMargin, otherThan: nil).exists
      || sharedToken(at: services, otherThan: nil).exists
  }

  // MARK: Token

  /// A token with enough time left: the keyring's, the same refreshed, the AWS CLI's, or that of a new sign-in.
  private func token(
    at services: IdentityCenterServices, otherThan refused: TokenID?
  ) throws -> SecretBytes {
    let time = now()
    if let token = try tokens.state(of: services.place).tokenWithoutRefresh(at: time, otherThan: refused) {
      return token
    }
    return try locks.withLock(named: Self.lock(services.place.name)) {
      var state = try tokens.state(of: services.place)
      // The process that had the lock has left a token here, if it got one.
      if let token = state.tokenWithoutRefresh(at: now(), otherThan: refused) { return token }
      if let token = try refreshed(&state, at: services, refused) { return token }
      if let token = state.freshToken(at: now(), for: Self.callMargin, otherThan: refused) { return token }
      if let token = sharedToken(at: services, otherThan: refused) { return token }
      if let obstacle = signIn.obstacle { throw SignInError.needed(services.session.sourceName, obstacle) }
      return try newToken(&state, at: services)
    }
  }

  /// - Parameter name: of the token's place.
  private static func lock(_ name: String) -> String { "sso-" + name }

  /// The token of a refresh, stored before it is used: the service may take a refresh token once. Nil if there is nothing to
  /// refresh, it was refused, or it failed while the token there is will still do.
  private func refreshed(
    _ state: inout IdentityCenterState, at services: IdentityCenterServices, _ refused: TokenID?
  ) throws -> SecretBytes? {
    guard state.token.withValue({ $0.refreshToken.exists }) == true else { return nil }
    let isUrgent =
      !state.freshToken(at: now(), for: Self.callMargin, otherThan: refused).exists
      && !sharedToken(at: services, otherThan: refused).exists
    if let seconds = state.refreshFailed?.pauseLeft(at: now()) {
      guard isUrgent else { return nil }
      // A person who tries again has a reason to.
      if signIn.obstacle != nil { throw SignInError.refreshPaused(services.session.sourceName, seconds: seconds) }
    }
    do {
      return try newToken(byRefreshing: &state, at: services)
    } catch let error as AWSError {
      if error.tokenRefusal?.endsRefreshing == true {
        state.endRefreshing()
        // AWS has forgotten it; its page would show an error, and never call back.
        if error.tokenRefusal == .invalidClient { state.setRegistration(nil, for: state.tokenFlow) }
        store(state, at: services)
      } else {
        state.refreshFailed = now()
        // If that cannot be stored, the next process tries at once.
        do { try tokens.save(state, of: services.place) } catch {}
        if isUrgent { throw error }
      }
      warn(.tokenNotRefreshed(services.session.sourceName, error))
      return nil
    }
  }

  private func newToken(
    byRefreshing state: inout IdentityCenterState, at services: IdentityCenterServices
  ) throws -> SecretBytes? {
    guard var new = try refreshedToken(of: state, at: services) else { return nil }
    if !new.refreshToken.exists, let old = state.token.take() { new = new.keeping(old) }
    let token = new.token.clone()
    state.setToken(new, from: state.tokenFlow, at: now())
    store(state, at: services)
    return token
  }

  private func refreshedToken(
    of state: borrowing IdentityCenterState, at services: IdentityCenterServices
  ) throws -> AccessToken? {
    let time = now()
    return try state.token.withValue { token in
      try token.refreshToken.withValue { refreshToken in
        try state.withRegistration(for: state.tokenFlow, life: 0, at: time) { registration in
          try services.oidc.refreshedToken(with: refreshToken, by: registration)
        }
      } ?? nil
    } ?? nil
  }

  private func sharedToken(
    at services: IdentityCenterServices, otherThan refused: TokenID?
  ) -> SecretBytes? {
    let time = now()
    return sharedToken(services.session).withValue { token in
      token.isGood(at: time, for: Self.callMargin, otherThan: refused) ? token.token.clone() : nil
    } ?? nil
  }

  /// Credentials are worth more than the next sign-in: a token that cannot be stored is a warning.
  private func store(_ state: borrowing IdentityCenterState, at services: IdentityCenterServices) {
    do {
      try tokens.save(state, of: services.place)
    } catch {
      warn(.tokenNotStored(services.session.sourceName, error))
    }
  }

  // MARK: Sign in and out

  /// Signs in, whatever is there; returns when the session has to be refreshed or ends.
  package func signIn(to session: IdentityCenterSession) throws -> Date {
    if let obstacle = signIn.obstacle { throw SignInError.needed(session.sourceName, obstacle) }
    let services = try connect(session)
    var state = try tokens.state(of: services.place)
    // The lock is taken to store only: while a person is in the browser, programs with a good token go on.
    try IdentityCenterSignIn(services: services, prompter: signIn, now: now).run(&state)
    return try locks.withLock(named: Self.lock(services.place.name)) {
      store(state, at: services)
      return state.token.withValue { $0.expiration } ?? now()
    }
  }

  private func newToken(
    _ state: inout IdentityCenterState, at services: IdentityCenterServices
  ) throws -> SecretBytes {
    let signIn = IdentityCenterSignIn(services: services, prompter: signIn, now: now)
    do {
      try signIn.run(&state)
    } catch {
      // The registration can be used again.
      store(state, at: services)
      throw error
    }
    store(state, at: services)
    guard let token = state.token.withValue({ $0.token.clone() }) else {
      throw SignInError.needed(services.session.sourceName, .noTerminal)
    }
    return token
  }

  /// Tells the portal, and forgets the token; our registration stays. False if nobody had signed in.
  package func signOut(of session: IdentityCenterSession) throws -> Bool {
    let services = try connect(session)
    return try locks.withLock(named: Self.lock(services.place.name)) {
      var state = try tokens.state(of: services.place)
      guard let token = state.token.take() else { return false }
      tell(services.portal, token)
      try tokens.save(state, of: services.place)
      return true
    }
  }

  /// Signs out of all sessions that the keyring knows, even if no file names them any more; returns how many there were.
  ///
  /// - Parameter portal: reaches the portal at a URL.
  package func signOutOfAll(portal: (String) throws -> SSO) throws -> Int {
    var count = 0
    for name in try tokens.names {
      try locks.withLock(named: Self.lock(name)) {
        if var state = try tokens.state(named: name), let token = state.token.take() {
          tell(try portal(state.portal), token)
          count += 1
        }
        try tokens.removeState(named: name)
      }
    }
    return count
  }

  private func tell(_ portal: SSO, _ token: borrowing AccessToken) {
    do throws(AWSError) {
      try portal.logOut(token: token.token)
    } catch {
      // It has ended already.
      guard error.refusal?.status != 401 else { return }
      warn(.notToldOfSignOut(error))
    }
  }

  /// Until when the keyring's token is good, and whether it can be refreshed; nil if nobody has signed in.
  package func status(of session: IdentityCenterSession) throws -> SignInStatus? {
    let state = try tokens.state(of: connect(session).place)
    return state.token.withValue { SignInStatus(expiration: $0.expiration, isRefreshable: $0.refreshToken.exists) }
  }
}

/// What is known of a sign-in without asking anybody.
package struct SignInStatus: Equatable, Sendable {
  package let expiration: Date
  package let isRefreshable: Bool
}

/// The services that an Identity Center session names.
package struct IdentityCenterServices {
  package let place: IdentityCenterPlace
  package let oidc: SSOOIDC
  package let portal: SSO

  package init(place: IdentityCenterPlace, oidc: SSOOIDC, portal: SSO) {
    self.place = place
    self.oidc = oidc
    self.portal = portal
  }

  package var session: IdentityCenterSession { place.session }
}

extension IdentityCenterSession {
  package var sourceName: SourceName { SourceName(.identityCenter, name ?? startURL) }
}

/// Tells one token from another without holding it: a SHA-256.
private struct TokenID: Equatable {
  private let digest: [UInt8]

  init(_ token: borrowing SecretBytes) { digest = token.withBytes { SHA256.digest($0) } }
}

extension TokenRefusal {
  /// Whether no other try with the same refresh token can do better.
  fileprivate var endsRefreshing: Bool {
    switch self {
    case .slowDown, .authorizationPending: false
    case .expiredCode, .accessDenied, .invalidGrant, .invalidClient, .notAllowed: true
    }
  }
}

extension AccessToken {
  /// Whether it lasts for `life` more seconds and is not the one that was refused.
  fileprivate func isGood(
    at now: Date, for life: TimeInterval, otherThan refused: TokenID?
  ) -> Bool {
    expiration > now + life && TokenID(token) != refused
  }

  /// The same with the refresh token of the one before: an answer without one leaves that good.
  fileprivate consuming func keeping(_ old: consuming AccessToken) -> AccessToken {
    AccessToken(
      token: token.clone(), refreshToken: old.refreshToken.withValue { $0.clone() }, expiration: expiration)
  }
}

extension IdentityCenterState {
  /// The token, unless it is to be refreshed before it is used.
  fileprivate func tokenWithoutRefresh(at now: Date, otherThan refused: TokenID?) -> SecretBytes? {
    let margin = isNew(at: now) ? IdentityCenter.callMargin : IdentityCenter.refreshMargin
    return freshToken(at: now, for: margin, otherThan: refused)
  }

  fileprivate func freshToken(
    at now: Date, for life: TimeInterval, otherThan refused: TokenID?
  ) -> SecretBytes? {
    token.withValue { $0.isGood(at: now, for: life, otherThan: refused) ? $0.token.clone() : nil } ?? nil
  }
}
