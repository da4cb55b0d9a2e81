import ArgumentParser

struct List: HostCommand {
  static let configuration = CommandConfiguration(
    abstract: "List profiles, keys, MFA devices and sessions.",
    discussion: "Reads the config files and the keyring's item names only: nothing is ever unlocked.")

  @Flag(help: "Only the names of the profiles, without asking the keyring.")
  var names = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let profiles = try host.profiles()
    if names {
      try host.output.write(profiles.names.map { $0 + "\n" }.joined())
    } else {
      try host.write(host.report(on: profiles), as: output)
    }
  }
}
