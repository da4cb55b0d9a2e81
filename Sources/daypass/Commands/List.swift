import AWSServices
import AWSValues
import ArgumentParser
import FoundationEssentials
import Profiles
import Sessions

struct List: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List profiles, keys, MFA devices and sessions.",
    discussion: "It never unlocks the keyring: the names of keys can be read while it is locked.")

  @Flag(help: "Print the names of the profiles only, without asking the keyring.")
  var names = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let profiles = try host.profiles()
    if names {
      try host.output.write(profiles.names.map { $0 + "\n" }.joined())
    } else {
      try output.write(host.report(on: profiles), on: host)
    }
  }
}

// MARK: - Profiles

extension Host {
  /// The profile whose key a profile's credentials start with; a key may outlive its profile in the config.
  func keyProfile(of name: String) throws -> String {
    let profiles = try profiles()
    if profiles.profile(named: name) == nil, try keys.holdsKey(of: name) { return name }
    return try planner(for: profiles).plan(for: name).keyProfile
  }

  /// What `list` prints: every profile of the files, and keys whose profile is in no file any more.
  func report(on profiles: ProfileSet) throws -> ProfileReport {
    let now = now()
    let keys = StoredKeyList(try keys.kept(), at: now)
    let planner = try planner(for: profiles)
    let orphans = keys.profiles.subtracting(profiles.names)
    let entries =
      profiles.names.map { ProfileReport.Entry($0, in: planner, keys) }
      + orphans.sorted().map { ProfileReport.Entry(orphan: $0, keys) }
    return ProfileReport(entries: entries, sessions: try sessions.all(), now: now)
  }
}

extension ProfileReport.Entry {
  fileprivate init(_ name: String, in planner: CredentialPlanner, _ keys: StoredKeyList) {
    do {
      let plan = try planner.plan(for: name)
      self.init(
        name: name, keyProfile: plan.keyProfile, hasKey: keys.holdsKey(of: plan.keyProfile),
        keyAge: keys.age(ofKeyOf: plan.keyProfile), role: plan.role?.text, mfaSerial: plan.device?.text, problem: nil)
    } catch {
      self.init(
        name: name, keyProfile: nil, hasKey: false, keyAge: nil, role: nil, mfaSerial: nil,
        problem: ErrorMessages.error(error).problem)
    }
  }

  /// A key without a profile.
  fileprivate init(orphan name: String, _ keys: StoredKeyList) {
    self.init(
      name: name, keyProfile: name, hasKey: true, keyAge: keys.age(ofKeyOf: name), role: nil, mfaSerial: nil,
      problem: "in no config file")
  }
}

// MARK: - Kept keys

/// What the keyring tells of its keys without being unlocked.
struct StoredKeyList {
  /// nil where it tells nothing.
  private let keys: [String: StoredKey]?
  private let now: Date

  init(_ keys: [StoredKey]?, at now: Date) {
    // Where there are two of a profile, using them says so.
    self.keys = keys.map { Dictionary($0.map { ($0.profile, $0) }) { first, _ in first } }
    self.now = now
  }

  var profiles: Set<String> { Set((keys ?? [:]).keys) }

  func holdsKey(of profile: String) -> Bool? { keys.map { $0[profile] != nil } }

  func age(ofKeyOf profile: String) -> KeyAge? {
    keys?[profile]?.stored.map { KeyAge(of: $0, at: now) }
  }
}

// MARK: - Key age

/// For how long the keyring has a key. The key itself may be older, and AWS tells how old it is.
struct KeyAge {
  /// RFC 3339, UTC.
  let stored: String
  /// Whole days; 0 where the clock was set back meanwhile.
  let days: Int

  init(of stored: Date, at now: Date) {
    self.stored = stored.rfc3339
    days = max(0, Int(now.timeIntervalSince(stored) / 86_400))
  }
}

// MARK: - Profile report

/// What `list` prints.
struct ProfileReport: Report {
  let profiles: [Entry]
  let sessions: [Session]

  struct Entry: Encodable {
    let name: String
    /// The profile whose key its credentials start with; absent where no plan can be made.
    let keyProfile: String?
    /// Whether the keyring holds that key; absent where a locked keyring does not tell.
    let hasKey: Bool?
    /// Since when it holds that key, RFC 3339, UTC; absent where it does not tell.
    let keyStored: String?
    let keyAgeDays: Int?
    let role: String?
    let mfaSerial: String?
    /// Why no plan can be made.
    let problem: String?

    init(
      name: String, keyProfile: String?, hasKey: Bool?, keyAge: KeyAge?, role: String?, mfaSerial: String?,
      problem: String?
    ) {
      self.name = name
      self.keyProfile = keyProfile
      self.hasKey = hasKey
      keyStored = keyAge?.stored
      keyAgeDays = keyAge?.days
      self.role = role
      self.mfaSerial = mfaSerial
      self.problem = problem
    }
  }

  struct Session: Encodable {
    let keyProfile: String
    let role: String?
    let mfaSerial: String?
    /// RFC 3339, UTC.
    let expiration: String
    let secondsLeft: Int
  }

  init(entries: [Entry], sessions: [CachedSession.About], now: Date) {
    profiles = entries
    self.sessions = sessions.map { about in
      Session(
        keyProfile: about.keyProfile, role: about.role, mfaSerial: about.device,
        expiration: about.expiration.rfc3339, secondsLeft: Int(about.expiration.timeIntervalSince(now)))
    }
  }

  var text: String {
    Table(
      header: ["PROFILE", "KEY", "KEY AGE", "ROLE", "MFA DEVICE", "SESSION"],
      rows: profiles.map {
        [$0.name, keyText(of: $0), ageText(of: $0), $0.role ?? "-", $0.mfaSerial ?? "-", sessionText(of: $0)]
      }
    ).text
  }

  private func keyText(of entry: Entry) -> String {
    guard let keyProfile = entry.keyProfile else { return "-" }
    guard let hasKey = entry.hasKey else { return "unknown: locked" }
    guard hasKey else { return "missing" }
    return keyProfile == entry.name ? "in the keyring" : "of \(keyProfile)"
  }

  private func ageText(of entry: Entry) -> String { entry.keyAgeDays.map { "\($0) d" } ?? "-" }

  /// Or the problem, which is long, and this is the last column.
  private func sessionText(of entry: Entry) -> String {
    if let problem = entry.problem { return problem }
    let mine = sessions.last { $0.keyProfile == entry.keyProfile && $0.role == entry.role }
    return mine.map { TimeSpan(seconds: $0.secondsLeft).left } ?? "-"
  }
}
