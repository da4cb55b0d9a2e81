import ArgumentParser

struct List: HostCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    _superCommandName: DaypassCommand.name,
    abstract: "List profiles, keys, MFA devices and sessions.",
    discussion: "Nothing is unlocked for it: the names of keys can be read while the keyring is locked.")

  @Flag(help: "Print the names of the profiles only, without asking the keyring.")
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
