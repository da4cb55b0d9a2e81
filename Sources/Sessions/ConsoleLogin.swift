package import AWSServices
package import AWSValues
package import FoundationEssentials
internal import Hashing
package import Keyring
package import Profiles
package import Secrets

/// Credentials of an identity that has signed in as with `aws login`: fifteen minutes each, renewed with the keyring's
/// refresh token for up to twelve hours.
///
/// One process at a time renews them or signs in, and keeps the new refresh token before it uses what came with it, so that
/// a process that is killed in between leaves a good token.
package struct ConsoleLogin {
  private let tokens: LoginTokens
  private let connection: Connection
  private let connect: (Connection) throws -> SignInService
  private let locks: NamedLocks?
  private let prompter: any LoginPrompter
  private let sharedCredentials: (CredentialPlan.LoginSession) -> Credentials?
  private let now: @Sendable () -> Date
  private let warn: (SessionWarning) -> Void

  /// - Parameters:
  ///   - connection: where a new sign-in goes.
  ///   - sharedCredentials: what the AWS CLI keeps of an identity, as long as it is good; its token is never refreshed.
  package init(
    store: any SecretStore, connection: Connection, connect: @escaping (Connection) throws -> SignInService,
    locks: NamedLocks?, prompter: any LoginPrompter,
    sharedCredentials: @escaping (CredentialPlan.LoginSession) -> Credentials?,
    now: @escaping @Sendable () -> Date, warn: @escaping (SessionWarning) -> Void
  ) {
    tokens = LoginTokens(store: store)
    self.connection = connection
    self.connect = connect
    self.locks = locks
    self.prompter = prompter
    self.sharedCredentials = sharedCredentials
    self.now = now
    self.warn = warn
  }

  // MARK: Use

  /// By the keyring's refresh token, from the AWS CLI's cache, or by a new sign-in.
  func credentials(of session: CredentialPlan.LoginSession) throws -> Credentials {
    try locks.withLock(named: Self.lock(session.identity.digest)) {
      do {
        if let credentials = try renewed(session.identity) { return credentials }
      } catch  where error.mayPass {
        guard let credentials = sharedCredentials(session) else { throw error }
        warn(.tokenNotRefreshed(SourceName(.login, session.identity.text), error))
        return credentials
      }
      if let credentials = sharedCredentials(session) { return credentials }
      return try signIn(as: .identity(session.identity), store: store).credentials.clone()
    }
  }

  /// Until when the keyring's token renews credentials; nil if nobody has signed in.
  package func status(of identity: LoginIdentity) throws -> SignInStatus? {
    try tokens.token(of: identity).withValue {
      SignInStatus(expiration: $0.signedIn + LoginToken.life, isRefreshable: false)
    }
  }

  /// Fails if nobody can sign in here and no stored token makes it unnecessary.
  func requireToken(of session: CredentialPlan.LoginSession) throws {
    guard let obstacle = prompter.obstacle, try !tokens.token(of: session.identity).exists,
      !sharedCredentials(session).exists
    else { return }
    throw SignInError.needed(SourceName(.login, session.identity.text), obstacle)
  }

  /// Nil if there is no token, or the service says that it is over. A refresh that failed for another reason is tried again
  /// a minute later, or by a person.
  private func renewed(_ identity: LoginIdentity) throws -> Credentials? {
    guard var token = try tokens.token(of: identity), let key = try P256Key(pem: token.key) else { return nil }
    if let seconds = token.refreshFailed?.pauseLeft(at: now()), prompter.obstacle != nil {
      throw SignInError.refreshPaused(SourceName(.login, identity.text), seconds: seconds)
    }
    var place = connection
    (place.endpoints[.signIn], place.useFIPS, place.useDualStack) = (token.origin, false, false)
    let new: SignInTokens
    do {
      new = try connect(place).tokens(refreshedWith: token.refreshToken, clientID: token.clientID, provenBy: key)
    } catch let error as AWSError where error.loginRefusal?.endsSignIn == true {
      try tokens.remove(named: identity.digest)
      return nil
    } catch {
      token.refreshFailed = now()
      // If that cannot be stored, the next process tries at once.
      do { try tokens.save(token) } catch {}
      throw error
    }
    token.refreshToken = new.refreshToken.clone()
    token.refreshFailed = nil
    store(token)
    return new.credentials(of: identity)
  }

  /// - Parameter name: of the token.
  private static func lock(_ name: String) -> String { "login-" + name }

  /// Credentials are worth more than the next ones: a token that cannot be stored is a warning.
  private func store(_ token: borrowing LoginToken) {
    do {
      try tokens.save(token)
    } catch {
      warn(.tokenNotStored(SourceName(.login, token.identity.text), error))
    }
  }

  // MARK: Sign in and out

  /// Whose sign-in is expected.
  package enum Expectation: Equatable, Sendable {
    case identity(LoginIdentity)
    case account(String)
    case anybody
  }

  /// Signs in, whatever is there.
  ///
  /// - Throws: `LoginError.otherIdentity` and `.otherAccount` if somebody else did; nothing of theirs is stored.
  package func signIn(as expectation: Expectation) throws -> LoginSignIn {
    try signIn(as: expectation) { token in
      try locks.withLock(named: Self.lock(token.identity.digest)) { store(token) }
    }
  }

  private func signIn(
    as expectation: Expectation, store: (borrowing LoginToken) throws -> Void
  ) throws -> LoginSignIn {
    if let obstacle = prompter.obstacle { throw SignInError.needed(expectation.sourceName, obstacle) }
    let service = try connect(connection)
    let key = try P256Key()
    let device = prompter.device
    let grant = try authorize(on: device, at: service)
    let new = try service.tokens(
      forAuthorizationCode: grant.code, verifier: grant.verifier, redirectURI: grant.redirectURI, on: device,
      provenBy: key)
    guard let identity = new.subject.flatMap(LoginIdentity.init) else {
      throw AWSError.malformed(call: "CreateOAuth2Token", element: "idToken")
    }
    try expectation.check(identity)
    let token = LoginToken(
      identity: identity, origin: try service.origin, clientID: device.rawValue, refreshToken: new.refreshToken.clone(),
      key: try key.pem(), signedIn: now())
    try store(token)
    return LoginSignIn(
      identity: identity, credentials: new.credentials(of: identity), end: token.signedIn + LoginToken.life)
  }

  private func authorize(on device: SignInService.Device, at service: SignInService) throws -> AuthorizationGrant {
    func page(_ request: AuthorizationRequest) throws -> String {
      try service.authorizationURL(
        on: device, redirectURI: request.redirectURI, state: request.state, challenge: request.challenge)
    }
    return switch device {
    case .same: try prompter.authorize(page)
    case .other: try prompter.authorize(elsewhere: service.confirmationURI, page)
    }
  }

  /// Forgets the token; false if there was none. Nothing can take it back from AWS: it ends by itself.
  package func signOut(_ identity: LoginIdentity) throws -> Bool {
    try locks.withLock(named: Self.lock(identity.digest)) {
      guard try tokens.token(of: identity).exists else { return false }
      try tokens.remove(named: identity.digest)
      return true
    }
  }

  /// The same for everybody; returns how many there were.
  package func signOutOfAll() throws -> Int {
    let names = try tokens.names
    for name in names { try locks.withLock(named: Self.lock(name)) { try tokens.remove(named: name) } }
    return names.count
  }
}

/// Who signed in, and the first credentials.
package struct LoginSignIn: ~Copyable {
  package let identity: LoginIdentity
  package let credentials: Credentials
  /// When credentials can no longer be renewed.
  package let end: Date
}

extension ConsoleLogin.Expectation {
  fileprivate var sourceName: SourceName {
    switch self {
    case .identity(let identity): SourceName(.login, identity.text)
    case .account(let account): SourceName(.login, account)
    case .anybody: SourceName(.login, "")
    }
  }

  fileprivate func check(_ found: LoginIdentity) throws(LoginError) {
    switch self {
    case .identity(let expected):
      guard found == expected else { throw .otherIdentity(expected: expected, found: found) }
    case .account(let expected):
      guard found.account == expected else { throw .otherAccount(expected: expected, found: found) }
    case .anybody: return
    }
  }
}

extension SignInTokens {
  fileprivate func credentials(of identity: LoginIdentity) -> Credentials {
    var credentials = credentials.clone()
    credentials.account = identity.account
    return credentials
  }
}

extension LoginRefusal {
  /// Whether no other try with the same token can do better.
  fileprivate var endsSignIn: Bool {
    switch self {
    case .tokenExpired, .credentialsChanged: true
    case .codeExpired, .notPermitted, .invalidRequest: false
    }
  }
}

// MARK: - Person

/// How a person signs in on a page of AWS.
package protocol LoginPrompter {
  /// Why nobody can be asked; nil if somebody can.
  var obstacle: SignInObstacle? { get }
  /// Where the browser is.
  var device: SignInService.Device { get }

  /// Opens the page that `page` makes, and waits for the browser to call back.
  func authorize(_ page: (AuthorizationRequest) throws -> String) throws -> AuthorizationGrant

  /// Shows the page, to be opened on another device, and reads the text with which `redirectURI` ends the sign-in there.
  func authorize(
    elsewhere redirectURI: String, _ page: (AuthorizationRequest) throws -> String
  ) throws -> AuthorizationGrant
}

/// Why a sign-in as with `aws login` did not help.
package enum LoginError: Error, Equatable {
  /// Somebody else is signed in in the browser.
  case otherIdentity(expected: LoginIdentity, found: LoginIdentity)
  case otherAccount(expected: String, found: LoginIdentity)
  /// What was typed is not the text that the page shows.
  case unreadableText
  /// The text is that of another sign-in.
  case textOfOtherSignIn
}
