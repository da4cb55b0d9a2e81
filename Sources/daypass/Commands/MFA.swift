import ArgumentParser

/// The group of commands about MFA devices.
struct MFA: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mfa",
    _superCommandName: DaypassCommand.name,
    abstract: "Enroll, list, remove and resynchronize MFA devices.",
    subcommands: [Enroll.self, ListDevices.self, RemoveDevice.self, Resync.self])
}
