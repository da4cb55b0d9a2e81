import ArgumentParser

struct Clear: HostCommand {
  static let configuration = CommandConfiguration(
    abstract: "Forget sessions: all of them, or those made with one profile's key.",
    discussion: "Sessions that were handed out stay good until they expire; AWS has no way to take them back.")

  @Argument(help: "The profile whose key's sessions are forgotten; every session where it is left out.")
  var profile: String?
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let keyProfile = try profile.map { try host.keyProfile(of: $0) }
    let count = try host.sessions.removeAll(madeWithKeyOf: keyProfile)
    host.diagnostics.note(count == 1 ? "1 session forgotten" : "\(count) sessions forgotten")
  }
}
