import AWSValues
import ArgumentParser
import FoundationEssentials
import Profiles
import Sessions
import TerminalIO

struct List: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List profiles, keys, MFA devices and sessions.",
    usage: "daypass list [--names] [--wide] [--json] [PATTERN]",
    discussion: """
      For example:
        daypass list prod
      It never unlocks the keyring: the names of keys can be read while it is locked. On a terminal, roles and devices \
      are shortened to fit.
      """)

  @Argument(help: "Only profiles with all parts of this in their names, such as prod-admin.")
  var pattern: String?

  @Flag(help: "Print the names of the profiles only, without asking the keyring.")
  var names = false

  @Flag(help: "With --names: those of Identity Center sessions.")
  var ssoSessions = false

  @Flag(help: "Only profiles that have a key in the keyring.")
  var keys = false

  @Flag(help: "Only profiles that have a session.")
  var cached = false

  @Flag(help: "Print roles and MFA devices in full, however wide the terminal.")
  var wide = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws {
    if names, output.json || wide { throw ValidationError("use either --names, --json or --wide") }
    if ssoSessions, !names || keys || cached { throw ValidationError("use --sso-sessions with --names alone") }
  }

  func run(on host: Host) throws {
    let profiles = try host.profiles()
    if ssoSessions { return try Self.write(names: matches(among: profiles.ssoSessionNames), on: host) }
    if names, !keys, !cached { return try Self.write(names: matches(among: profiles.names), on: host) }
    // The keyring is not asked if only the names of profiles with a session are wanted.
    let inventory = names && !keys ? KeyInventory(ofSessionsOn: host) : KeyInventory(on: host)
    let all = Set(profiles.names).union(inventory.keyNames).union(profiles.unusableNames).sorted()
    let shown = try matches(among: all)
    let planner = try host.planner(for: profiles)
    let entries = shown.map { ProfileReport.Entry($0, profiles, planner, inventory) }
      .filter { isWanted($0, inventory) }
    if names { return try Self.write(names: entries.map(\.name), on: host) }
    let report = ProfileReport(entries, inventory, width: lineWidth(on: host))
    if all.isEmpty, !output.json { host.diagnostics.note("no profiles yet: daypass add NAME") }
    try output.write(report, on: host)
  }

  /// If the keyring does not tell, every profile that would use a key of its own may have one.
  private func isWanted(_ entry: ProfileReport.Entry, _ inventory: KeyInventory) -> Bool {
    let hasKey = inventory.holdsKey(of: entry.name) ?? (entry.keyProfile == entry.name)
    return (!keys || hasKey) && (!cached || entry.secondsLeft != nil)
  }

  static func write(names: [String], on host: Host) throws {
    try host.output.write(names.reduce(into: "") { $0 += $1 + "\n" })
  }

  private func matches(among names: [String]) throws(CommandError) -> [String] {
    guard let pattern else { return names }
    let wanted = NearestNames(to: pattern)
    let matches = names.filter(wanted.areParts)
    guard !matches.isEmpty else { throw .noMatch(pattern, nearest: wanted.among(names)) }
    return matches
  }

  /// The characters of a line on a terminal; nil if lines may be as wide as they are.
  private func lineWidth(on host: Host) -> Int? {
    guard !wide, host.output.isTerminal else { return nil }
    return Terminal.foreground()?.size.columns ?? 80
  }
}

// MARK: - Key inventory

/// What the keyring and the session cache show without being unlocked. Whatever they do not show, the rest is listed.
struct KeyInventory {
  /// The keys by profile; nil if the keyring does not say.
  private let keys: [String: StoredKey]?
  let sessions: [CachedSession.About]
  /// Why keys or sessions are missing here.
  let problem: String?
  let now: Date
  private let newest: [SessionID: CachedSession.About]

  private struct SessionID: Hashable {
    let source: SourceName
    let role: String?
  }

  init(_ keys: [StoredKey]?, _ sessions: [CachedSession.About], problem: String?, at now: Date) {
    // If there are two of a profile, using them says so.
    self.keys = keys.map { Dictionary($0.map { ($0.profile, $0) }) { first, _ in first } }
    self.sessions = sessions
    self.problem = problem
    self.now = now
    // A narrowed session may do less than the profile's own.
    let ordered = sessions.filter { $0.scope != nil } + sessions.filter { $0.scope == nil }
    newest = Dictionary(ordered.map { (SessionID(source: $0.source, role: $0.role), $0) }) { $1 }
  }

  init(on host: Host) {
    var problem: String?
    var keys: [StoredKey]?
    var sessions: [CachedSession.About] = []
    do {
      keys = try host.keys.stored()
      if keys == nil {
        problem = "the keyring is locked, and does not tell which keys it holds: daypass unlock"
      } else if try host.store.state() == .locked {
        problem = "the keyring is locked: daypass unlock"
      }
    } catch {
      problem = Messages.error(error).problem
    }
    do {
      sessions = try host.sessions.all()
    } catch {
      problem = problem ?? Messages.error(error).problem
    }
    self.init(keys, sessions, problem: problem, at: host.now())
  }

  /// Without the keyring.
  init(ofSessionsOn host: Host) {
    do {
      self.init(nil, try host.sessions.all(), problem: nil, at: host.now())
    } catch {
      self.init(nil, [], problem: Messages.error(error).problem, at: host.now())
    }
  }

  /// The names under which there are keys.
  var keyNames: Set<String> { Set((keys ?? [:]).keys) }

  func holdsKey(of profile: String) -> Bool? { keys.map { $0[profile] != nil } }

  /// Since when the keyring has a key. The key itself may be older, and AWS knows how old it is.
  func stored(keyOf profile: String) -> Date? { keys?[profile]?.stored }

  /// For how many whole days it has it; 0 if the clock was set back meanwhile.
  func days(withKeyOf profile: String) -> Int? {
    stored(keyOf: profile).map { max(0, Int(now.timeIntervalSince($0) / 86_400)) }
  }

  /// The session that ends last; a narrowed one only if there is no other.
  func session(from source: SourceName, role: String?) -> CachedSession.About? {
    newest[SessionID(source: source, role: role)]
  }
}

// MARK: - Profile report

/// What `list` prints.
struct ProfileReport: Report {
  let profiles: [Entry]
  let sessions: [Session]
  /// Why keys or sessions are missing here.
  let problem: String?
  /// The characters of a line; nil if lines may be as wide as they are.
  private let width: Int?

  private enum CodingKeys: CodingKey { case profiles, sessions, problem }

  struct Entry: Encodable {
    let name: String
    /// What kind of source its credentials start with, such as `key` or `sso`; absent if there is no plan.
    var source: String?
    /// Which one of that kind: the Identity Center session, the identity of `aws login`, the token file.
    var sourceName: String?
    /// The profile whose key its credentials start with; absent if they start with no key.
    var keyProfile: String?
    /// Whether the keyring holds that key; absent if the keyring does not say.
    var hasKey: Bool?
    /// Since when it holds that key, RFC 3339, UTC; absent if it does not say.
    var keyStored: String?
    var keyAgeDays: Int?
    /// `FILE:LINE` of a key that is in plain text only.
    var plainTextKey: String?
    var plainTextKeyID: String?
    var role: String?
    var mfaSerial: String?
    /// What narrows its session.
    var scope: String?
    /// When its session expires, RFC 3339, UTC.
    var expiration: String?
    var secondsLeft: Int?
    /// Why there is no plan, or what is wrong with it.
    var problem: String?
  }

  struct Session: Encodable {
    let source: String
    let sourceName: String
    let keyProfile: String?
    let role: String?
    let mfaSerial: String?
    let scope: String?
    /// RFC 3339, UTC.
    let expiration: String
    let secondsLeft: Int
  }

  init(_ entries: [Entry], _ inventory: KeyInventory, width: Int?) {
    profiles = entries
    sessions = inventory.sessions.map { Session($0, at: inventory.now) }
    problem = inventory.problem
    self.width = width
  }
}

extension ProfileReport.Session {
  init(_ about: CachedSession.About, at now: Date) {
    (source, sourceName) = (about.source.kind.rawValue, about.source.name)
    keyProfile = about.source.kind == .key ? about.source.name : nil
    (role, mfaSerial, scope) = (about.role, about.device, about.scope)
    (expiration, secondsLeft) = (about.expiration.rfc3339, about.secondsLeft(at: now))
  }
}

extension CachedSession.About {
  fileprivate func secondsLeft(at now: Date) -> Int { Int(expiration.timeIntervalSince(now)) }
}

// MARK: - Entries

extension ProfileReport.Entry {
  init(_ name: String, _ profiles: ProfileSet, _ planner: CredentialPlanner, _ inventory: KeyInventory) {
    self.init(name: name)
    guard profiles.profile(named: name) != nil || !inventory.keyNames.contains(name) else {
      (source, sourceName, keyProfile, hasKey) = (SourceName.Kind.key.rawValue, name, name, true)
      problem = "its key is in the keyring, but the profile is in no config file"
      setAge(ofKeyOf: name, inventory)
      return
    }
    do {
      describe(try planner.plan(for: name), in: profiles, inventory)
    } catch {
      (hasKey, problem) = (inventory.holdsKey(of: name), Messages.error(error).problem)
    }
  }

  private mutating func describe(_ plan: CredentialPlan, in profiles: ProfileSet, _ inventory: KeyInventory) {
    (source, sourceName) = (plan.source.name.kind.rawValue, plan.source.name.name)
    role = plan.sessionRole
    mfaSerial = plan.device?.text
    if let session = inventory.session(from: plan.source.name, role: role) {
      (expiration, secondsLeft) = (session.expiration.rfc3339, session.secondsLeft(at: inventory.now))
      scope = session.scope
    }
    if let profile = plan.source.keyProfile { describe(keyOf: profile, in: profiles, inventory) }
    if keyProfile != name, inventory.holdsKey(of: name) == true {
      let used = keyProfile.map { "the key of \($0)" } ?? plan.source.name.message
      problem = "the key stored under this name is not used: the profile uses \(used)"
    }
  }

  private mutating func describe(keyOf profile: String, in profiles: ProfileSet, _ inventory: KeyInventory) {
    keyProfile = profile
    hasKey = inventory.holdsKey(of: profile)
    setAge(ofKeyOf: profile, inventory)
    if hasKey != true, let key = profiles.profile(named: profile)?.plainTextKey {
      let place = key.accessKeyID.location
      (plainTextKey, plainTextKeyID) = ("\(place.file):\(place.line)", key.accessKeyID.value)
    }
  }

  private mutating func setAge(ofKeyOf profile: String, _ inventory: KeyInventory) {
    (keyStored, keyAgeDays) = (inventory.stored(keyOf: profile)?.rfc3339, inventory.days(withKeyOf: profile))
  }
}

// MARK: - Table

extension ProfileReport {
  var text: String {
    guard !profiles.isEmpty else { return notes }
    let table = Table(
      header: ["PROFILE", "SOURCE", "KEY AGE", "ROLE", "MFA DEVICE", "SESSION"],
      rows: profiles.map { entry in
        [
          entry.name, source(of: entry), entry.keyAgeDays.map { "\($0) d" } ?? "-",
          entry.role.map(short(role:)) ?? "-", entry.mfaSerial.map(short(device:)) ?? "-",
          entry.secondsLeft.map { TimeSpan(seconds: $0).left(of: entry.scope) } ?? "-",
        ]
      })
    return table.withoutEmptyColumns.text(width: width) + notes
  }

  /// What has no room in the table and goes below it.
  private var notes: String {
    var lines = profiles.compactMap { entry in entry.problem.map { "\(entry.name): \($0)" } }
    if width != nil {
      lines += profiles.compactMap { entry in
        entry.plainTextKey.map {
          let owner = entry.keyProfile ?? entry.name
          return "\(entry.name): in plain text (\($0)): daypass import --from credentials \(owner.shellWord)"
        }
      }
    }
    lines += [problem].compactMap { $0 }
    return lines.isEmpty ? "" : "\n" + lines.map { $0.displayText() + "\n" }.joined()
  }

  private func source(of entry: ProfileReport.Entry) -> String {
    guard entry.keyProfile != nil, let place = entry.plainTextKey else { return entry.keySource }
    return width == nil ? "in plain text (\(place))" : "plain text"
  }

  /// `123456789012/deploy`.
  private func short(role: String) -> String {
    guard width != nil, let role = RoleARN(role) else { return role }
    return "\(role.account)/\(role.name)"
  }

  private func short(device: String) -> String {
    guard width != nil, let device = MFADevice(device) else { return device }
    return device.name
  }
}

extension ProfileReport.Entry {
  fileprivate var keySource: String {
    guard let keyProfile else { return otherSource ?? "see below" }
    guard let hasKey else { return "unknown" }
    guard hasKey else { return keyProfile == name ? "no key" : "no key of \(keyProfile)" }
    return keyProfile == name ? "keyring" : "via \(keyProfile)"
  }

  /// `sso corp`.
  private var otherSource: String? {
    switch source.flatMap(SourceName.Kind.init) {
    case .identityCenter: "sso \(sourceName ?? "")"
    case .login: "aws login"
    case .webIdentity: "web identity"
    case .process, .environment, .container, .instance: source
    case .key, nil: nil
    }
  }
}
