import AWSServices
import AWSValues
import ArgumentParser
import FoundationEssentials
import Profiles
import Secrets
import Sessions
import TerminalIO

struct Login: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "login",
    abstract: "Sign in or get a session, and show whose it is.",
    usage: "daypass login [OPTIONS] [PROFILE | --sso-session NAME]",
    discussion: """
      For example:
        daypass login prod
      Asks for an MFA code or has you sign in with the browser, whichever the profile needs. For a profile without any \
      source it signs in as 'aws login' does, and writes who signed in to the profile.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var session: SessionOptions
  @OptionGroup var options: ConsoleLoginOptions
  @OptionGroup var identityCenter: IdentityCenterLoginOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws {
    guard identityCenter.ssoSession != nil, profile.profile != nil else { return }
    throw ValidationError("use either --sso-session or a profile, not both")
  }

  func run(on host: Host) throws {
    var identityCenter = identityCenter
    identityCenter.deviceCode = identityCenter.deviceCode || options.remote
    if let session = identityCenter.ssoSession { return try identityCenter.signIn(toSessionNamed: session, on: host) }
    let name = profile.name(in: host.environment)
    let profiles = try host.profiles()
    if let plan = try existingPlan(of: name, in: profiles, on: host) {
      try signIn(by: plan, identityCenter, on: host)
    } else if let session = onlySSOSession(in: profiles, host.environment) {
      try identityCenter.signIn(toSessionNamed: session, on: host)
    } else {
      try confirmCreation(of: name, in: profiles, host.environment)
      try setUp(name, on: host)
    }
  }

  private func signIn(by plan: CredentialPlan, _ identityCenter: IdentityCenterLoginOptions, on host: Host) throws {
    switch plan.source {
    case .login(let login): try renew(plan, login, on: host)
    case .identityCenter(let role):
      try identityCenter.signIn(to: role.session, plan.connection, on: host)
      try report(plan, on: host)
    case .longTermKey, .webIdentity, .process, .environment, .container, .instance: try report(plan, on: host)
    }
  }

  /// The session to sign in to if nobody named a profile and there is no default one; nil unless the config has exactly one.
  private func onlySSOSession(in profiles: ProfileSet, _ environment: [String: String]) -> String? {
    let names = profiles.ssoSessionNames
    guard !profile.isChosen(in: environment), profiles.profile(named: "default") == nil else { return nil }
    return names.count == 1 ? names[0] : nil
  }

  /// Asks before a sign-in creates a profile whose name looks mistyped; throws if nobody named one.
  private func confirmCreation(
    of name: String, in profiles: ProfileSet, _ environment: [String: String]
  ) throws {
    guard profiles.profile(named: name) == nil, !profiles.names.isEmpty else { return }
    let nearest = profiles.names(near: name)
    guard profile.isChosen(in: environment) else { throw PlanError.unknownProfile(name, nearest: nearest) }
    guard !nearest.isEmpty, let terminal = Terminal.foreground() else { return }
    guard try terminal.confirms(Messages.creation(of: name, near: nearest)) else { throw CommandError.declined }
  }

  /// Gets a session as any command would, and says whose it is.
  private func report(_ plan: CredentialPlan, on host: Host) throws {
    let access = try ProfileSession(plan, session.request(), on: host)
    let credentials = try access.credentials(margin: .command)
    let identity = try access.sts.callerIdentity(signedBy: credentials)
    host.diagnostics.note(Messages.signedIn(identity.arn, until: credentials.expiration, now: host.now()))
  }

  /// Nil for a profile without a source: it does not say where its credentials come from, and the keyring has no key.
  private func existingPlan(of name: String, in profiles: ProfileSet, on host: Host) throws -> CredentialPlan? {
    let profile = profiles.profile(named: name)
    try profile?.refuseSourcesBesideLogin()
    if profile == nil, try !host.keys.holdsKey(of: name) { return nil }
    let plan = try host.planner(for: profiles, session.request()).plan(for: name)
    guard case .longTermKey(let key) = plan.source, key.profile == name, plan.role == nil, key.plainText == nil else {
      return plan
    }
    return try host.keys.holdsKey(of: name) ? plan : nil
  }
}

/// How to sign in as with `aws login`.
struct ConsoleLoginOptions: ParsableArguments {
  @Flag(help: "Sign in on another device, and paste the code that it shows.")
  var remote = false

  @Flag(name: .customLong("switch"), help: "Accept whoever signs in, and write them to the profile.")
  var takesOthers = false

  @Option(help: ArgumentHelp("The account to sign in to.", valueName: "id"))
  var account: String?

  func validate() throws {
    guard let account, !account.isAccountID else { return }
    throw ValidationError("an account is twelve digits")
  }

  fileprivate func prompter(on host: Host) -> ConsoleSignIn {
    ConsoleSignIn(.onDemand, on: remote ? .other : nil, host: host)
  }

  /// Who may sign in if the profile names nobody.
  fileprivate var anybody: ConsoleLogin.Expectation { account.map { .account($0) } ?? .anybody }
}

// MARK: - Identity Center

/// How to sign in to IAM Identity Center.
struct IdentityCenterLoginOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Sign in to this Identity Center session.", valueName: "name"))
  var ssoSession: String?

  @Flag(help: "Show a code to type into a browser on any device.")
  var deviceCode = false

  fileprivate func signIn(toSessionNamed name: String, on host: Host) throws {
    let profiles = try host.profiles()
    let session = try profiles.requireSSOSession(named: name)
    try session.withoutProfile { try signIn(to: session, host.connectionWithoutProfile(profiles), on: host) }
  }

  fileprivate func signIn(to session: IdentityCenterSession, _ connection: Connection, on host: Host) throws {
    let prompter = BrowserSignIn(.onDemand, flow: deviceCode ? .device : nil, on: host)
    let expiration = try host.identityCenter(connection, prompter).signIn(to: session)
    // They may be another person's.
    try host.sessions.forget(.from(session.sourceName))
    host.diagnostics.note(Messages.signedIn(to: session.sourceName, until: expiration, now: host.now()))
  }
}

// MARK: - Signing in as with `aws login`

extension Login {
  /// A sign-in of a profile that says whose it is.
  private func renew(_ plan: CredentialPlan, _ login: CredentialPlan.LoginSession, on host: Host) throws {
    let files = try ConfigFiles(environment: host.environment)
    if options.takesOthers { try files.requireChangeableConfig() }
    let service = try host.consoleLogin(plan.connectionWithRegion, options.prompter(on: host))
    let signIn = try service.signIn(as: options.takesOthers ? options.anybody : .identity(login.identity))
    if signIn.identity != login.identity, case .property(let setting, let owner, _) = login.origin {
      try files.editConfig { editor throws(ConfigError) in
        try editor.setProperty(setting, to: signIn.identity.text, in: owner)
      }
      host.diagnostics.note(Messages.wrote([setting], of: owner, to: files.config))
    }
    try host.cache(signIn, of: plan.profile)
  }

  /// The first sign-in of a profile that does not say where its credentials come from. Refuses, before anybody signs in, a
  /// name that could not be written to the config.
  private func setUp(_ profile: String, on host: Host) throws {
    let region = session.region
    let files = try ConfigFiles(environment: host.environment)
    try files.requireChangeableConfig(for: profile)
    let profiles = try files.read()
    let settings = ConnectionSettings(
      profile: profiles.profile(named: profile), profiles: profiles, environment: host.environment, region: region)
    let service = try host.consoleLogin(settings.connection(), options.prompter(on: host))
    let signIn = try service.signIn(as: options.anybody)
    try files.editConfig { editor throws(ConfigError) in
      try editor.setProperty(.loginSession, to: signIn.identity.text, in: profile)
      if let region { try editor.setProperty(.region, to: region, in: profile) }
    }
    host.diagnostics.note(
      Messages.wrote([.loginSession] + (region == nil ? [] : [.region]), of: profile, to: files.config))
    try host.cache(signIn, of: profile)
  }
}

extension Host {
  /// Caches the credentials of a sign-in for the commands that follow, in place of earlier ones, and says whose they are.
  fileprivate func cache(_ signIn: borrowing LoginSignIn, of profile: String) throws {
    try sessions.forget(.from(SourceName(.login, signIn.identity.text)))
    let plan = try planner(for: profiles()).plan(for: profile).withoutSteps
    try ProfileSession(plan, on: self).cache(signIn.credentials)
    diagnostics.note(
      Messages.signedIn(signIn.identity.text, until: signIn.credentials.expiration, now: now())
        + Messages.renewed(until: signIn.end, now: now()))
  }
}

// MARK: - Logout

struct Logout: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout",
    abstract: "Sign out, and forget tokens and sessions.",
    usage: "daypass logout [--all | PROFILE | --sso-session NAME]",
    discussion: """
      For example:
        daypass logout prod
      Credentials that were handed out stay valid until they expire; AWS has no way to take them back.
      """)

  @OptionGroup var profile: ProfileArgument
  @Option(help: ArgumentHelp("Sign out of this Identity Center session.", valueName: "name"))
  var ssoSession: String?
  @Flag(help: "Sign out of everything.")
  var all = false
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws {
    let ways = [all, profile.profile != nil, ssoSession != nil].count { $0 }
    if ways > 1 { throw ValidationError("use either --all, --sso-session or a profile") }
  }

  func run(on host: Host) throws {
    if all { return try signOutOfEverything(on: host) }
    if let ssoSession { return try signOut(ofSessionNamed: ssoSession, on: host) }
    let name = profile.name(in: host.environment)
    let plan = try host.planner(for: host.profiles()).plan(for: name)
    try profile.confirmIfUnnamed("sign out of profile '\(name)'", on: host)
    let signOut = try Self.signOut(of: plan, on: host)
    let count = try host.sessions.forget(.from(plan.source.name)).count
    host.diagnostics.note(Messages.signedOut(of: plan.source.name, signOut, sessions: count))
  }

  private static func signOut(of plan: CredentialPlan, on host: Host) throws -> SignOut {
    switch plan.source {
    case .login(let login):
      let service = try host.consoleLogin(plan.connectionWithRegion, ConsoleSignIn(.never, host: host))
      return try service.signOut(login.identity) ? .signedOut : .wasNotSignedIn
    case .identityCenter(let role):
      let service = try host.identityCenter(plan.connection, BrowserSignIn(.never, on: host))
      return try service.signOut(of: role.session) ? .signedOut : .wasNotSignedIn
    case .longTermKey, .webIdentity, .process, .environment, .container, .instance: return .notNeeded
    }
  }

  private func signOut(ofSessionNamed name: String, on host: Host) throws {
    let profiles = try host.profiles()
    let session = try profiles.requireSSOSession(named: name)
    try session.withoutProfile {
      let service = try host.identityCenter(
        host.connectionWithoutProfile(profiles), BrowserSignIn(.never, on: host))
      let signOut = try service.signOut(of: session) ? SignOut.signedOut : .wasNotSignedIn
      let count = try host.sessions.forget(.from(session.sourceName)).count
      host.diagnostics.note(Messages.signedOut(of: session.sourceName, signOut, sessions: count))
    }
  }

  /// Signs out of all that the keyring knows, whether the config names it or not.
  private func signOutOfEverything(on host: Host) throws {
    let connection = try host.connectionWithoutProfile(host.profiles())
    let logins = try host.consoleLogin(connection, ConsoleSignIn(.never, host: host)).signOutOfAll()
    let signOns = try host.identityCenter(connection, BrowserSignIn(.never, on: host)).signOutOfAll { portal in
      var place = connection
      (place.endpoints[.sso], place.useFIPS, place.useDualStack) = (portal, false, false)
      return SSO(host.client(for: place))
    }
    let sessions = try host.sessions.forget(.all).count
    host.diagnostics.note(Messages.signedOutOfEverything(signIns: logins + signOns, sessions: sessions))
  }
}

/// What a sign-out came to; nobody signs in to some sources.
enum SignOut { case signedOut, wasNotSignedIn, notNeeded }
