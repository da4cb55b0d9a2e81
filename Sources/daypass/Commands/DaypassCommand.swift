import ArgumentParser

/// The command line's root.
struct DaypassCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: name,
    abstract: "Keeps AWS keys in the GNOME keyring and hands commands a pass that expires.",
    discussion: """
      To begin:
        daypass add me
        daypass list-buckets me
        daypass exec me -- aws s3 ls
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(name: "Keys", subcommands: keys.map { $0 }),
      CommandGroup(name: "MFA devices", subcommands: groups),
      CommandGroup(name: "Credentials", subcommands: credentials.map { $0 }),
      CommandGroup(name: "Checks", subcommands: checks.map { $0 }),
    ])

  static let name = "daypass"
  static let version = "0.1.0"

  static var commands: [any HostCommand.Type] { keys + credentials + checks }

  private static let keys: [any HostCommand.Type] = [Add.self, List.self, Remove.self, Rotate.self]
  private static let credentials: [any HostCommand.Type] = [
    Exec.self, Export.self, CredentialProcess.self, Clear.self,
  ]
  private static let checks: [any HostCommand.Type] = [ListBuckets.self, WhoAmI.self, ScenarioCommand.self]

  /// Words that more commands stand behind.
  static let groups: [any ParsableCommand.Type] = [MFA.self]

  /// What the commands are called.
  static var names: [String] { commands.map { $0._commandName } + groups.map { $0._commandName } }
}
