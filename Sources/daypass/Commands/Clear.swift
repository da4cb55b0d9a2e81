import ArgumentParser

struct Clear: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    _superCommandName: DaypassCommand.name,
    abstract: "Forget sessions, so that the next command asks for new ones.",
    discussion: "Credentials that were handed out stay good until they expire; AWS has no way to take them back.")

  @Argument(help: "Forget only sessions made with the key of this profile.")
  var profile: String?
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let keyProfile = try profile.map { try host.keyProfile(of: $0) }
    let count = try host.sessions.removeAll(madeWithKeyOf: keyProfile)
    host.diagnostics.note(count == 1 ? "1 session forgotten" : "\(count) sessions forgotten")
  }
}
