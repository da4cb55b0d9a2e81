import AWSServices
import AWSValues
import Browser
import FoundationEssentials
import Glibc
import Profiles
import Secrets
import Sessions
import TerminalIO

/// Signs a person in at the terminal, with a browser here or on another device.
struct BrowserSignIn: SignInPrompter {
  let obstacle: SignInObstacle?
  let flow: SignInFlow
  let clientName: String
  let browser: Browser?
  private let diagnostics: Diagnostics

  /// Who may be asked to sign in.
  enum Policy {
    /// Whoever sits at the terminal: for commands that a person starts.
    case atTerminal
    /// A person who asked for it: with a display, a terminal is not needed.
    case onDemand
    /// Nobody: a program asks, which would hide what is shown, and open a browser unasked.
    case never
  }

  init(_ policy: Policy, flow: SignInFlow? = nil, on host: Host) {
    let browser = Browser(environment: host.start.environment.withoutCredentials, variables: host.environment)
    let hasTerminal = Terminal.foreground() != nil
    obstacle =
      switch policy {
      case .never: .program
      case .atTerminal: hasTerminal ? nil : .noTerminal
      case .onDemand: hasTerminal || browser != nil ? nil : .noTerminal
      }
    self.flow = flow ?? (browser == nil ? .device : .authorizationCode)
    self.browser = browser
    clientName = "daypass-\(Host.userAndHost)"
    diagnostics = host.diagnostics
  }

  /// How long a browser is waited for.
  static let timeout = Duration.seconds(600)

  /// The code stands alone, to be compared with the one on the page: a page with the code filled in could be somebody
  /// else's sign-in.
  func show(_ authorization: borrowing DeviceAuthorization, for session: IdentityCenterSession) throws {
    let opened = open(authorization.completeURI ?? authorization.verificationURI)
    let page = authorization.verificationURI.displayText()
    say("daypass: to sign in to \(session.sourceName.message), \(opened ? "compare the code in the browser" : "open")")
    if !opened { say("  \(page)") }
    say(opened ? "daypass: with this one (\(page)):" : "daypass: and enter the code")
    say("")
    say("    \(authorization.userCode.displayText())")
    say("")
    say("daypass: waiting for the approval, \(max(1, authorization.expiresIn / 60)) min at most")
  }

  func warn(_ failure: any Error) {
    diagnostics.warn(Messages.error(failure).problem + "; still trying")
  }

  func tell(_ notice: SignInNotice) { diagnostics.note(notice.message) }

  func pause(seconds: Int) { Host.pause(.seconds(seconds)) }

  func authorize(_ page: (AuthorizationRequest) throws -> String) throws -> AuthorizationGrant {
    let server = try CallbackServer()
    let proof = PKCE()
    let redirectURI = server.url
    let state = UUID().uuidString.lowercased()
    let url = try page(AuthorizationRequest(redirectURI: redirectURI, state: state, challenge: proof.challenge))
    let opened = open(url)
    say("daypass: \(opened ? "sign in with the browser; if it does not open, go to" : "to sign in, open")")
    say("  \(url)")
    let code = try server.code(for: state, until: .now + Self.timeout)
    return AuthorizationGrant(code: code, verifier: proof.verifier.clone(), redirectURI: redirectURI)
  }

  /// False if there is no browser, or it could not be started.
  func open(_ page: String) -> Bool {
    guard let browser, let url = BrowserURL(page) else { return false }
    do {
      try browser.open(url)
      return true
    } catch {
      diagnostics.debug("the browser was not started: \(error)")
      return false
    }
  }

  /// To the terminal, since stderr may be another program's; to stderr if there is no terminal.
  func say(_ line: String) {
    guard let terminal = Terminal.foreground() else { return diagnostics.say(line) }
    do { try terminal.say(line) } catch { diagnostics.say(line) }
  }
}

// MARK: - Identity Center

extension ProfileSet {
  /// The session that a user names.
  func requireSSOSession(named name: String) throws -> IdentityCenterSession {
    guard let session = try identityCenterSession(named: name) else {
      throw CommandError.unknownSSOSession(name, nearest: names(ofSSOSessionsNear: name))
    }
    return session
  }
}

extension IdentityCenterSession {
  /// Runs `body`, whose errors are about this sign-in and no profile.
  func withoutProfile<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as any UserFacingError {
      throw ProfileFailure(errorMessage: error.errorMessage.naming(ssoSession: name ?? ""))
    }
  }
}

extension Host {
  /// How AWS is reached for what belongs to no profile: as for the profile that the environment names, or the default one,
  /// as the AWS CLI does.
  func connectionWithoutProfile(_ profiles: ProfileSet) throws(PlanError) -> Connection {
    let usual = profiles.profile(named: ProfileArgument(named: nil).name(in: environment))
    return try ConnectionSettings(profile: usual, profiles: profiles, environment: environment, region: nil)
      .connection()
  }

  /// Reaches IAM Identity Center as `connection` says, in the region of each session.
  func identityCenter(_ connection: Connection, _ signIn: any SignInPrompter) throws -> IdentityCenter {
    let cache = SharedTokenCache(home: environment["HOME"] ?? "", now: now)
    return IdentityCenter(
      store: keyring,
      connect: { session in
        var connection = connection
        connection.region = session.region
        let client = client(for: connection)
        return IdentityCenterServices(
          place: try IdentityCenterPlace(session, reachedBy: connection), oidc: SSOOIDC(client), portal: SSO(client))
      }, locks: try signInLocks(), signIn: signIn,
      sharedToken: { connection.mayTake(tokenOf: .sso) ? cache.token(of: $0) : nil }, now: now,
      warn: { diagnostics.warn($0.words) })
  }
}
