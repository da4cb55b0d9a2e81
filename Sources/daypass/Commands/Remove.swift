import ArgumentParser

struct Remove: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove a key and its sessions from the keyring.",
    usage: "daypass remove [--force] [PROFILE]",
    discussion: """
      For example:
        daypass remove me
      The key stays valid in AWS, and the profile stays in ~/.aws/config.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var confirmation: ConfirmationOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let name = profile.name(in: host.environment)
    guard try host.keys.holdsKey(of: name) else { throw CommandError.nothingToRemove(profile: name) }
    try confirmation.confirm("remove the key of profile '\(name)' from the keyring", of: profile, on: host)
    try host.withLock(ofKeyOf: name) { try host.removeKey(of: name) }
    host.diagnostics.note(
      "removed the key of profile '\(name)' and its sessions; the key is still active in AWS until you delete it there")
  }
}

// MARK: - Clear

struct Clear: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    abstract: "Forget a session; the next command gets a new one.",
    usage: "daypass clear [--all | PROFILE]",
    discussion: """
      For example:
        daypass clear --all
      Credentials that were handed out stay valid until they expire; AWS has no way to take them back.
      """)

  @OptionGroup var profile: ProfileArgument
  @Flag(help: "Forget the sessions of all profiles.")
  var all = false
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws {
    guard all, profile.profile != nil else { return }
    throw ValidationError("use either --all or a profile, not both")
  }

  func run(on host: Host) throws {
    host.diagnostics.note(
      try all ? Messages.forgotten(host.sessions.forget(.all).count) : forgetSession(on: host))
  }

  /// Forgets the session that a profile ends in, and not the MFA session that others share.
  private func forgetSession(on host: Host) throws -> String {
    let name = profile.name(in: host.environment)
    let profiles = try host.profiles()
    if profiles.profile(named: name) == nil {
      // A key, and what was made with it, may outlive its profile in the config.
      let count = try host.sessions.forget(.from(.key(of: name))).count
      if count > 0 { return Messages.forgotten(count, of: name, sharedWith: nil) }
      if profile.profile == nil { throw CommandError.nothingToClear(profile: name) }
    }
    let plan = try host.planner(for: profiles).plan(for: name)
    let count = try host.sessions.forget(.of(role: plan.sessionRole, from: plan.source.name)).count
    let shares =
      try plan.sessionRole != nil
      && host.sessions.all().contains {
        $0.source == plan.source.name && $0.role == nil && $0.scope == nil
      }
    return Messages.forgotten(count, of: name, sharedWith: shares ? plan.source.keyProfile : nil)
  }
}
