import AWSServices
import AWSValues
import ArgumentParser
import Delivery
import FoundationEssentials
import HTTP
import Profiles
import Prompts
import Secrets
import Sessions
import TerminalIO

// MARK: - Planning

/// How a command wants the credentials of a profile, as it was typed.
struct CredentialRequest {
  var withoutSession = false
  var duration: SessionDuration?
  var region: String?
  var mfaCode: String?
  var prompt: PromptSource?
  var fresh = false
  var minLeft: SessionDuration?

  /// What to do for credentials of a profile, decided from files, options and environment alone.
  func plan(
    for profile: ProfileArgument, _ scope: ScopeRequest = ScopeRequest(), purpose: PlanOptions.Purpose = .calls,
    on host: Host
  ) throws -> CredentialPlan {
    let planner = try host.planner(for: host.profiles(), self, scope: scope, purpose: purpose)
    let name = profile.name(in: host.environment)
    guard profile.isChosen(in: host.environment) else { return try planner.plan(ifNoneIsNamed: name) }
    return try planner.plan(for: name)
  }
}

/// A command that gets credentials of a profile, and may narrow them.
protocol CredentialCommand: ProfileCommand {
  var options: CredentialOptions { get set }
}

/// How credentials are obtained, and what narrows them.
struct CredentialOptions: ParsableArguments {
  @OptionGroup var session: SessionOptions
  @OptionGroup var freshness: FreshnessOptions
  @OptionGroup var scope: ScopeOptions
}

extension CredentialCommand {
  var session: SessionOptions { options.session }
  var scope: ScopeOptions { options.scope }
  var request: CredentialRequest { session.request(options.freshness) }
  var loginOptions: [String] { session.wordsOfSession }

  func plan(on host: Host) throws -> CredentialPlan {
    try request.plan(for: profile, scope.request(), on: host)
  }

  /// What carries out `plan`.
  func access(_ plan: CredentialPlan, on host: Host) throws -> ProfileSession {
    try ProfileSession(plan, request, on: host)
  }
}

extension CredentialPlan {
  /// The connection, with a region also if none is configured.
  var connectionWithRegion: Connection { connection.withRegion(forARN: sessionRole ?? device?.text ?? loginARN) }

  private var loginARN: String? {
    guard case .login(let session) = source else { return nil }
    return session.identity.text
  }
}

extension SessionMargin {
  /// The margin of a consumer, unless the command line, a call of daypass in a file, or `DAYPASS_MIN_TTL` sets another.
  func or(
    _ request: CredentialRequest, _ file: CredentialPlan.Freshness?, in environment: [String: String]
  ) throws -> SessionMargin {
    if request.fresh { return .none }
    if let minimum = request.minLeft { return SessionMargin(atLeast: minimum, fallback: .none) }
    switch file {
    case .new: return .none
    case .timeLeft(let minimum): return SessionMargin(atLeast: minimum, fallback: fallback)
    case nil:
      guard let minimum = try environment.time("DAYPASS_MIN_TTL") else { return self }
      return SessionMargin(atLeast: minimum, fallback: fallback)
    }
  }

  private init(atLeast minimum: SessionDuration, fallback: Fallback) {
    self.init(timeLeft: TimeInterval(minimum.seconds), short: .refuse, fallback: fallback)
  }
}

// MARK: - Session

/// A plan, and what carries it out: where commands get credentials and call AWS.
///
/// What calls AWS is made when it is first needed: a cached session spares it.
final class ProfileSession {
  let plan: CredentialPlan
  private let connection: Connection
  private let codes: MFACodes
  private let request: CredentialRequest
  private let signIn: BrowserSignIn.Policy
  private let host: Host
  private let locks: NamedLocks?
  private let stsEndpoint: PlanDigest.STSEndpointIdentity
  private(set) lazy var client = host.client(for: connection)

  var sts: STS { STS(client) }
  var s3: S3 { S3(client) }
  var iam: IAM { IAM(client) }

  /// Says if AWS's limits made a session shorter than the user asked for.
  ///
  /// - Parameter prompter: asks for MFA codes instead of the one that plan and request lead to.
  init(
    _ plan: CredentialPlan, _ request: CredentialRequest = CredentialRequest(), prompter: (any MFAPrompter)? = nil,
    signIn: BrowserSignIn.Policy = .atTerminal, on host: Host
  ) throws {
    host.diagnostics.debug("plan: \(plan.words)")
    for step in plan.steps {
      if case .assumeRole(let role) = step, let warning = role.capWarning { host.diagnostics.warn(warning) }
    }
    for warning in plan.scopeWarnings { host.diagnostics.warn(warning) }
    connection = plan.connectionWithRegion
    // As the AWS CLI and boto3 do for STS, S3 and IAM, and for no other service.
    if let region = connection.region, plan.connection.region == nil {
      host.diagnostics.debug("no region is configured: STS, S3 and IAM are asked in \(region)")
    }
    codes = MFACodes(
      given: request.mfaCode.map { SecretBytes(copying: $0) },
      prompter: try prompter ?? host.prompter(for: plan, request.prompt))
    (self.plan, self.request, self.signIn, self.host) = (plan, request, signIn, host)
    // Calls to AWS follow.
    if !plan.steps.isEmpty { host.store.meanwhile = CurlTransport.load }
    locks = try host.sessionLocks()
    stsEndpoint = try PlanDigest.STSEndpointIdentity(of: connection)
  }

  private lazy var resolver = CredentialResolver(
    sources: sources, cache: host.sessions, locks: locks, sts: { [unowned self] in sts }, codes: codes,
    stsEndpoint: stsEndpoint, now: host.now, warn: { [host] in host.diagnostics.warn($0.words) })

  /// Credentials with enough time left for their consumer.
  func credentials(margin: SessionMargin) throws -> Credentials {
    try resolver.credentials(for: plan, margin: margin.or(request, plan.freshness, in: host.environment))
  }

  /// Caches credentials that were obtained in another way, in place of those that are cached.
  func cache(_ credentials: borrowing Credentials) throws { try resolver.cache(credentials, of: plan) }

  /// Whether there is a session with as much time left, so that nobody has to be asked for one.
  func hasCachedSession(margin: SessionMargin) throws -> Bool {
    try resolver.cachedSession(of: plan, margin: margin.or(request, plan.freshness, in: host.environment)).exists
  }

  /// Lends credentials to `body`; if AWS finds the session expired before its time, once more with a new one.
  func withCredentials<Result: ~Copyable>(
    margin: SessionMargin, _ body: (borrowing Credentials) throws -> Result
  ) throws -> Result {
    try resolver.retryingIfExpired(plan, margin: margin.or(request, plan.freshness, in: host.environment), body)
  }
}

// MARK: - Where plans start

extension ProfileSession {
  private var sources: CredentialSources {
    CredentialSources(
      keys: { [host] in host.keys }, machine: { [unowned self] in machine }, programs: { [host] in host.programs },
      sts: { [unowned self] in sts }, now: host.now,
      identityCenter: { [unowned self] in try host.identityCenter(plan.connection, BrowserSignIn(signIn, on: host)) },
      login: { [unowned self] in try host.consoleLogin(connection, ConsoleSignIn(signIn, host: host)) })
  }

  private var machine: MachineSources {
    MachineSources(
      environment: host.environment, transport: host.machineTransport(for: connection), now: host.now,
      pause: Host.pause)
  }
}

extension Host {
  /// What runs the programs that profiles name.
  var programs: ProfilePrograms {
    ProfilePrograms(
      environment: start.environment.withoutCredentials, trail: ProfileTrail(in: environment),
      terminal: Terminal.foreground() == nil ? .none : .shared)
  }
}
