import Profiles
import Sessions

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
    let keys = KeptKeys(try keys.kept(), at: now)
    let planner = try planner(for: profiles)
    let orphans = keys.profiles.subtracting(profiles.names)
    let entries =
      profiles.names.map { ProfileReport.Entry($0, in: planner, keys) }
      + orphans.sorted().map { ProfileReport.Entry(orphan: $0, keys) }
    return ProfileReport(entries: entries, sessions: try sessions.all(), now: now)
  }
}

extension ProfileReport.Entry {
  fileprivate init(_ name: String, in planner: CredentialPlanner, _ keys: KeptKeys) {
    do {
      let plan = try planner.plan(for: name)
      self.init(
        name: name, keyProfile: plan.keyProfile, hasKey: keys.holdsKey(of: plan.keyProfile),
        keyAge: keys.age(ofKeyOf: plan.keyProfile), role: plan.role?.text, mfaSerial: plan.device?.text, problem: nil)
    } catch {
      self.init(
        name: name, keyProfile: nil, hasKey: false, keyAge: nil, role: nil, mfaSerial: nil,
        problem: Explained.error(error).problem)
    }
  }

  /// A key without a profile.
  fileprivate init(orphan name: String, _ keys: KeptKeys) {
    self.init(
      name: name, keyProfile: name, hasKey: true, keyAge: keys.age(ofKeyOf: name), role: nil, mfaSerial: nil,
      problem: "in no config file")
  }
}
