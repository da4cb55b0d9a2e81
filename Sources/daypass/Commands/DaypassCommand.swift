import ArgumentParser

/// The command line's root.
struct DaypassCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daypass",
    abstract: "Keeps AWS keys in the GNOME keyring and hands commands a pass that expires.",
    discussion: """
      To begin:
        daypass add me
        daypass list-buckets me
        daypass exec me -- aws s3 ls
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(name: "Keys", subcommands: [Add.self, List.self, Remove.self]),
      CommandGroup(name: "Credentials", subcommands: [Exec.self, Export.self, CredentialProcess.self, Clear.self]),
      CommandGroup(name: "Checks", subcommands: [ListBuckets.self, WhoAmI.self]),
    ])

  static let version = "0.1.0"
}
