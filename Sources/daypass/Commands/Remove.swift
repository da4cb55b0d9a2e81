import ArgumentParser

struct Remove: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove a key and its sessions from the keyring.",
    discussion: "The key stays valid in AWS, and the profile stays in ~/.aws/config.")

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let name = profile.name(in: host.environment)
    guard try host.keys.holdsKey(of: name) else { throw CommandError.nothingToRemove(profile: name) }
    try (profile.profile == nil ? .asking : confirmation).confirm(
      "remove the key of profile '\(name)' from the keyring")
    try host.withLock(ofKeyOf: name) { try host.removeKey(of: name) }
    host.diagnostics.note(
      "removed the key of profile '\(name)' and its sessions; the key is still active in AWS until you delete it there")
  }
}

// MARK: - Clear

struct Clear: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    abstract: "Forget sessions; the next command gets new ones.",
    discussion: "Credentials that were handed out stay good until they expire; AWS has no way to take them back.")

  @Argument(help: "Forget only sessions made with the key of this profile.")
  var profile: String?
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let keyProfile = try profile.map { try Self.keyProfile(of: $0, on: host) }
    let count = try host.sessions.forget(keyProfile.map { .madeWithKey(of: $0) } ?? .all).count
    host.diagnostics.note(
      count == 0 ? "no sessions to forget" : count == 1 ? "1 session forgotten" : "\(count) sessions forgotten")
  }

  /// The profile whose key a profile's credentials start with; a key may outlive its profile in the config.
  private static func keyProfile(of name: String, on host: Host) throws -> String {
    let profiles = try host.profiles()
    if profiles.profile(named: name) == nil, try host.keys.holdsKey(of: name) { return name }
    return try host.planner(for: profiles).plan(for: name).keyProfile
  }
}
