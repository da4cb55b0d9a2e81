import AWSServices
import AWSValues
import FoundationEssentials
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import Keyring
@testable import Profiles
@testable import Sessions

/// A resolver between a keyring in memory, a scripted AWS and a scripted person. The keyring holds the key of `base`.
final class ResolverFixture {
  static let device = "arn:aws:iam::123456789012:mfa/me"
  static let config = """
    [profile base]
    region = eu-west-1
    [profile mfa]
    region = eu-west-1
    mfa_serial = \(device)
    [profile plain]
    role_arn = arn:aws:iam::123456789012:role/deploy
    source_profile = base
    role_session_name = alice@host
    [profile guarded]
    role_arn = arn:aws:iam::123456789012:role/deploy
    source_profile = mfa
    role_session_name = alice@host
    external_id = ext-1
    [profile other]
    role_arn = arn:aws:iam::123456789012:role/other
    source_profile = mfa
    role_session_name = alice@host
    [profile long]
    role_arn = arn:aws:iam::123456789012:role/deploy
    source_profile = mfa
    role_session_name = alice@host
    duration_seconds = 7200
    [profile chain]
    role_arn = arn:aws:iam::123456789012:role/deploy
    source_profile = other
    role_session_name = alice@host
    duration_seconds = 7200
    """

  private static let here = PlanDigest.STSEndpointIdentity(partition: "aws", region: "eu-west-1", endpoint: nil)

  let store = MemoryStore()
  let transport: ScriptedTransport
  let prompter: ScriptedPrompter
  let clock = TestClock()
  private(set) var warnings: [SecretStoreError?] = []
  private(set) var notRenewed = 0

  init(_ script: [ScriptedTransport.Step] = [], codes: [String] = []) throws {
    transport = ScriptedTransport(script)
    prompter = ScriptedPrompter(codes.map { .success($0) })
    for profile in ["base", "mfa"] {
      let credentials = Credentials(
        accessKeyID: "AKIAMADEUP0000000001", secretAccessKey: SecretBytes(copying: "made/up+secret"))
      try LongTermKeys(store: store).save(LongTermKey(credentials: credentials, stored: clock.now), for: profile)
    }
  }

  func plan(for profile: String, _ sessions: PlanOptions.Sessions = .used) throws -> CredentialPlan {
    let profiles = ProfileSet(
      config: try ConfigDocument(parsing: Array((ownConfig ?? Self.config).utf8), file: "/config", as: .config),
      credentials: try ConfigDocument(parsing: [], file: "/credentials", as: .credentials))
    let options = PlanOptions(defaultSessionName: RoleSessionName(user: "al", host: "box"), sessions: sessions)
    return try CredentialPlanner(profiles: profiles, environment: [:], options: options)
      .plan(for: profile)
  }

  func digest(of profile: String) throws -> PlanDigest {
    PlanDigest(of: try plan(for: profile), stsEndpoint: Self.here)
  }

  /// The key id that `profile` ends with.
  @discardableResult
  func credentials(
    for profile: String, _ sessions: PlanOptions.Sessions = .used, margin: SessionMargin = .command
  ) throws -> String {
    try resolver().credentials(for: plan(for: profile, sessions), margin: margin).accessKeyID
  }

  func resolver(given code: String? = nil) -> CredentialResolver {
    let now: @Sendable () -> Date = { [clock] in clock.now }
    let client = AWSClient(
      connection: Connection(region: "eu-west-1"), transport: transport,
      dependencies: ClientDependencies(now: now, random: { 1 }, pause: { _ in }))
    let codes = MFACodes(given: code.map { SecretBytes(copying: $0) }, prompter: prompter)
    return CredentialResolver(
      sources: sources(STS(client)), cache: cache, locks: locks, sts: { STS(client) }, codes: codes,
      stsEndpoint: Self.here, now: now, warn: { [unowned self] in note($0) })
  }

  private func note(_ warning: SessionWarning) {
    switch warning {
    case .notCached(let error): warnings.append(error as? SecretStoreError)
    case .notRenewed: notRenewed += 1
    case .tokenNotRefreshed, .tokenNotStored, .notToldOfSignOut: Issue.record("\(warning)")
    }
  }

  /// The variables of our own environment.
  var environment: [String: String] = [:]
  /// What a container or an instance answers.
  var machine = ScriptedTransport([])
  /// In the place of the usual config file.
  var ownConfig: String?

  private func sources(_ sts: STS) -> CredentialSources {
    let now: @Sendable () -> Date = { [clock] in clock.now }
    let machine = MachineSources(environment: environment, transport: machine, now: now) { _ in }
    return CredentialSources(
      keys: { [store] in LongTermKeys(store: store) }, machine: { machine }, programs: { .ofTests }, sts: { sts },
      now: now,
      identityCenter: { throw SessionError.invalidCode }, login: { throw SessionError.invalidCode })
  }

  var cache: SessionCache { SessionCache(store: store.sessions, folder: store.folder) { [clock] in clock.now } }

  /// Whether sessions are locked. A program that another test starts holds a copy of each lock until it is executed.
  var hasLocks = true

  private var locks: NamedLocks? {
    guard hasLocks else { return nil }
    return NamedLocks(folder: store.folder, timeout: 60) { event in
      switch event {
      // For a program that another test has forked, and that is not executed yet.
      case .waiting: return
      case .notLocked: Issue.record("\(event)")
      }
    }
  }

  /// What AWS was asked for, in order.
  var calls: [String] { transport.requests.map(\.call) }
}

extension ProfilePrograms {
  static var ofTests: ProfilePrograms {
    ProfilePrograms(environment: [Array("PATH=/usr/bin:/bin".utf8)], trail: ProfileTrail(in: [:]), terminal: .none)
  }
}

extension RecordedRequest {
  /// `AssumeRole deploy 3600, ID ext-1, code 111111, by AKIA…`.
  var call: String {
    let asked = parameters
    let role = asked["RoleArn"].map { " " + ($0.split(separator: "/").last ?? "") } ?? ""
    let id = asked["ExternalId"].map { ", ID \($0)" } ?? ""
    let code = asked["TokenCode"].map { ", code \($0)" } ?? ""
    return "\(asked["Action"] ?? "?")\(role) \(asked["DurationSeconds"] ?? "")\(id)\(code), by \(signer)"
  }

  /// The key id that signed.
  private var signer: Substring {
    let authorization = headers["authorization"] ?? ""
    return authorization.split(separator: "=").dropFirst().first?.split(separator: "/").first ?? "nobody"
  }
}

extension ScriptedTransport.Step {
  /// A session token's answer, good for `seconds` from the clock's start.
  static func session(_ key: String, seconds: TimeInterval = 43200) -> ScriptedTransport.Step {
    .answer(200, Answers.sessionToken(.credentials(key, seconds: seconds)))
  }

  static func role(_ key: String, name: String = "deploy", seconds: TimeInterval = 3600) -> ScriptedTransport.Step {
    let arn = "arn:aws:sts::123456789012:assumed-role/\(name)/alice@host"
    return .answer(200, Answers.assumedRole(arn: arn, .credentials(key, seconds: seconds)))
  }

  static func refusal(_ code: String, _ message: String = "no", date: String? = nil) -> ScriptedTransport.Step {
    .answer(403, Answers.error(code, message), headers: date.map { ["date": $0] } ?? [:])
  }

  static let wrongCode = refusal(
    "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.")
}

extension String {
  fileprivate static func credentials(_ key: String, seconds: TimeInterval) -> String {
    let expiration = (TestClock.start + seconds).ISO8601Format()
    return Answers.credentials(key: key, expiration: expiration)
  }
}

// MARK: - Memory store

/// A keyring in memory, which fails where a test says so.
final class MemoryStore: SecretStore {
  var contents: [ItemID: [UInt8]] = [:]
  /// A runtime folder of its own.
  let scratch = ScratchFolder()
  var saving: SecretStoreError?
  var removing: SecretStoreError?
  /// What reading an item throws, as long as it is not removed.
  var reading: [ItemID: SecretStoreError] = [:]

  func secret(for item: ItemID) throws(SecretStoreError) -> SecretBytes? {
    if let error = reading[item] { throw error }
    return contents[item].map { SecretBytes(copying: $0.span) }
  }

  func save(_ secret: borrowing SecretBytes, for item: ItemID) throws(SecretStoreError) {
    if let saving { throw saving }
    contents[item] = secret.array
  }

  func remove(_ item: ItemID) throws(SecretStoreError) {
    if let removing { throw removing }
    contents[item] = nil
    reading[item] = nil
  }

  func items(ofKind kind: ItemID.Kind) throws(SecretStoreError) -> [ListedItem] {
    contents.keys.filter { $0.kind == kind }.map { ListedItem(id: $0) }
  }

  var folder: RuntimeFolder { RuntimeFolder(environment: ["XDG_RUNTIME_DIR": scratch.path]) }
  /// Sessions among its items.
  var sessions: SecretServiceSessions { SecretServiceSessions(store: self, folder: folder) }

  /// Removes every long-term key.
  func removeKeys() {
    contents = contents.filter { $0.key.kind != .longTermKey }
  }
}

// MARK: - Scripted prompter

/// A person who types what a script says, and is asked for nothing more.
final class ScriptedPrompter: MFAPrompter {
  private var answers: [Result<String, SessionError>]
  private(set) var questions: [MFARefusal?] = []

  init(_ answers: [Result<String, SessionError>]) {
    self.answers = answers
  }

  /// Answers nobody asked for.
  var remaining: Int { answers.count }

  func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    questions.append(refusal)
    guard !answers.isEmpty else {
      Issue.record("an unscripted question after \(String(describing: refusal))")
      throw .promptCancelled
    }
    return SecretBytes(copying: try answers.removeFirst().get())
  }
}

/// A clock that stands still until a test moves it; it starts at 2026-11-21T08:00:00Z.
final class TestClock: Sendable {
  static let start = Date(timeIntervalSince1970: 1_795_248_000)
  private let time = Mutex(start)

  var now: Date { time.withLock { $0 } }

  func advance(by seconds: TimeInterval) {
    time.withLock { $0 += seconds }
  }
}
