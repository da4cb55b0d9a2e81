import AWSValues
import ArgumentParser
import Delivery
import FoundationEssentials
import Keyring
import Profiles
import Sessions

struct Status: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what this shell holds, sign-ins and sessions.",
    usage: "daypass status [--prompt | --json]",
    discussion: """
      It asks neither you nor AWS, and never unlocks the keyring. In a prompt:
        PS1='$(daypass status --prompt) \\$ '
      """)

  @Flag(help: "Print the profile and the time left in few characters, or nothing: 'prod 42m'.")
  var prompt = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws {
    if prompt, output.json { throw ValidationError("use either --prompt or --json, not both") }
  }

  func run(on host: Host) throws {
    if prompt { return try Self.writePrompt(on: host) }
    try output.write(StatusReport(of: HeldCredentials(in: host.environment), on: host), on: host)
  }

  static func writePrompt(on host: Host) throws {
    guard let text = HeldCredentials(in: host.environment)?.promptText(at: host.now()) else { return }
    try host.output.write(text + "\n")
  }
}

// MARK: - Held credentials

/// The credentials that a shell holds, according to its variables.
struct HeldCredentials {
  /// Nil if somebody else put them there.
  let profile: String?
  /// Nil for those of a server, which have no end here.
  let accessKeyID: String?
  let expiration: Date?
  /// Whether `AWS_CREDENTIAL_EXPIRATION` is something else than a time.
  let hasUnreadableExpiration: Bool
  let region: String?
  let scope: String?
  /// Variables that lead programs to other credentials than these.
  let misleading: [String]

  /// Nil if there are none.
  init?(in environment: [String: String]) {
    let value = environment.value(of:)
    accessKeyID = value("AWS_ACCESS_KEY_ID")
    guard accessKeyID != nil || value("AWS_CONTAINER_CREDENTIALS_FULL_URI") != nil else { return nil }
    profile = value("DAYPASS_PROFILE")
    let end = value("AWS_CREDENTIAL_EXPIRATION")
    expiration = end.flatMap { Date(iso8601: $0) }
    hasUnreadableExpiration = end != nil && expiration == nil
    region = value("AWS_REGION") ?? value("AWS_DEFAULT_REGION")
    scope = value("DAYPASS_SCOPE")
    let isServed = accessKeyID == nil
    misleading = CredentialVariables.redirecting.filter { name in
      value(name) != nil && !(isServed && name.contains("_CONTAINER_"))
    }
  }

  func secondsLeft(at now: Date) -> Int? { expiration.map { Int($0.timeIntervalSince(now)) } }

  /// `prod 42m`; nil if the credentials are not daypass's.
  func promptText(at now: Date) -> String? {
    guard let profile = profile?.displayText() else { return nil }
    guard let seconds = secondsLeft(at: now) else { return profile }
    return switch seconds {
    case ..<0: "\(profile) expired"
    case ..<60: "\(profile) <1m"
    case ..<3600: "\(profile) \(seconds / 60)m"
    default: "\(profile) \(seconds / 3600)h"
    }
  }
}

// MARK: - Status report

/// What `status` prints.
struct StatusReport: Report {
  /// Absent if the shell holds nothing.
  let shell: Shell?
  let signIns: [SignIn]
  let sessions: [ProfileReport.Session]
  /// Why sign-ins or sessions are missing here.
  let problem: String?
  let now: Date

  private enum CodingKeys: CodingKey { case shell, signIns, sessions, problem }

  /// What the shell that runs `status` holds.
  struct Shell: Encodable {
    /// Absent if somebody else put the credentials there.
    var profile: String?
    var accessKeyId: String?
    /// What kind of source the profile's credentials start with, and which one of that kind, as in `list`.
    var source: String?
    var sourceName: String?
    var role: String?
    var mfaSerial: String?
    var region: String?
    var scope: String?
    /// RFC 3339, UTC; absent for what does not expire.
    var expiration: String?
    var secondsLeft: Int?
    /// What is stale, or leads programs elsewhere.
    var problems: [String] = []
  }

  /// A sign-in that the keyring keeps.
  struct SignIn: Encodable {
    /// `sso` or `login`.
    let source: String
    let sourceName: String
    /// Whether somebody has signed in.
    let signedIn: Bool
    /// RFC 3339, UTC; absent if the service does not tell.
    let expiration: String?
    let secondsLeft: Int?
    /// Whether it is renewed without anybody.
    let refreshable: Bool
  }
}

extension StatusReport {
  fileprivate init(of held: HeldCredentials?, on host: Host) throws {
    let now = host.now()
    let profiles = try host.profiles()
    var problem: String?
    var signIns: [SignIn] = []
    var sessions: [CachedSession.About] = []
    do { sessions = try host.sessions.all() } catch { problem = Messages.error(error).problem }
    do { signIns = try host.signIns(in: profiles) } catch { problem = problem ?? Messages.error(error).problem }
    self.init(
      shell: try held.map { try Shell($0, host.planner(for: profiles), at: now) }, signIns: signIns,
      sessions: sessions.map { ProfileReport.Session($0, at: now) }, problem: problem, now: now)
  }
}

extension StatusReport.Shell {
  fileprivate init(_ held: HeldCredentials, _ planner: CredentialPlanner, at now: Date) {
    (profile, accessKeyId, region, scope) = (held.profile, held.accessKeyID, held.region, held.scope)
    (expiration, secondsLeft) = (held.expiration?.rfc3339, held.secondsLeft(at: now))
    problems = held.problems(at: now)
    guard let profile else { return }
    do {
      let plan = try planner.plan(for: profile)
      (source, sourceName) = (plan.source.name.kind.rawValue, plan.source.name.name)
      (role, mfaSerial) = (plan.sessionRole, plan.device?.text)
    } catch {
      problems.append(Messages.error(error).problem)
    }
  }
}

// MARK: - Sign-ins

extension Host {
  /// What the keyring knows of the sign-ins that the config files describe.
  ///
  /// - Throws: `SecretStoreError.locked` rather than having the keyring unlocked.
  fileprivate func signIns(in profiles: ProfileSet) throws -> [StatusReport.SignIn] {
    let sessions = profiles.identityCenterSessions()
    let identities = try loginIdentities(in: profiles)
    guard !sessions.isEmpty || !identities.isEmpty else { return [] }
    switch try store.state() {
    case .open: break
    case .missing: return []
    case .locked: throw SecretStoreError.locked
    }
    let connection = try connectionWithoutProfile(profiles)
    let center = try identityCenter(connection, BrowserSignIn(.never, on: self))
    var found: [SourceName: StatusReport.SignIn] = [:]
    for session in sessions { found[session.sourceName] = report(session.sourceName, try center.status(of: session)) }
    let login = try consoleLogin(connection, ConsoleSignIn(.never, host: self))
    for identity in identities {
      let name = SourceName(.login, identity.text)
      found[name] = report(name, try login.status(of: identity))
    }
    return found.values.sorted { ($0.source, $0.sourceName) < ($1.source, $1.sourceName) }
  }

  private func loginIdentities(in profiles: ProfileSet) throws -> Set<LoginIdentity> {
    let planner = try planner(for: profiles)
    return Set(
      profiles.names.compactMap { name in
        do {
          guard case .login(let session) = try planner.plan(for: name).source else { return nil }
          return session.identity
        } catch {
          return nil
        }
      })
  }

  private func report(_ name: SourceName, _ status: SignInStatus?) -> StatusReport.SignIn {
    StatusReport.SignIn(
      source: name.kind.rawValue, sourceName: name.name, signedIn: status != nil,
      expiration: status.map { $0.expiration.rfc3339 },
      secondsLeft: status.map { Int($0.expiration.timeIntervalSince(now())) },
      refreshable: status?.isRefreshable ?? false)
  }
}
