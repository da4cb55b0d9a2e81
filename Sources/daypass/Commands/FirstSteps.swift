import AWSValues

/// What to type next, for somebody who typed `daypass` alone: three lines that depend on what is there.
struct FirstSteps {
  let text: String

  init(on host: Host) throws {
    let profiles = try host.profiles()
    let planner = try host.planner(for: profiles)
    let inventory = KeyInventory(on: host)
    let names = inventory.keyNames.union(profiles.names).sorted()
    self.init(names.map { ProfileReport.Entry($0, profiles, planner, inventory) }, problem: inventory.problem)
  }

  /// - Parameter problem: why the keyring cannot be used now.
  init(_ profiles: [ProfileReport.Entry], problem: String?) {
    let lines = [
      Self.state(of: profiles, problem), Self.advice(on: profiles, problem),
      "All commands: daypass --help. What is wrong, if anything is: daypass doctor",
    ]
    text = lines.map { $0.displayLine() + "\n" }.joined()
  }

  private static func state(of profiles: [ProfileReport.Entry], _ problem: String?) -> String {
    if let problem { return problem.prefix(1).uppercased() + problem.dropFirst() }
    if profiles.isEmpty { return "There is no key and no profile yet." }
    let keys = Set(profiles.filter { $0.hasKey == true }.compactMap(\.keyProfile)).count
    return "Profiles: \(profiles.count). Keys in the keyring: \(keys)."
  }

  private static func advice(on profiles: [ProfileReport.Entry], _ problem: String?) -> String {
    let isUsable = problem == nil
    let sound = profiles.filter { $0.problem == nil || $0.hasKey == true }
    if isUsable, let name = sound.first(where: { $0.plainTextKey != nil })?.keyProfile?.shellWord {
      return "Move the key of \(name) from its file to the keyring: daypass import --from credentials \(name)"
    }
    if let name = sound.first(where: { !isUsable || $0.hasKey == true || $0.keyProfile == nil })?.name.shellWord {
      return "Run a command: daypass exec \(name) -- aws s3 ls. In this shell: daypass use \(name)"
    }
    if let name = sound.first?.keyProfile?.shellWord { return "Keep the key of \(name): daypass add \(name)" }
    guard isUsable else { return "What to do about it: daypass doctor" }
    return "New key: daypass add me. Keys elsewhere: daypass import. SSO: daypass sso add NAME"
  }
}
