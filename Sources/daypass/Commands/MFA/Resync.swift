import AWSValues
import ArgumentParser

extension MFA {
  struct Resync: ProfileCommand {
    static let configuration = CommandConfiguration(
      commandName: "resync",
      abstract: "Tell AWS how far the clock of an MFA device is off.",
      discussion: """
        Asks for two codes in a row. Signed with a session that is kept, else with the long-term key, since the device's \
        codes fail; a new session is asked for only where the policy of the user denies it to the key.
        """)

    @Option(help: ArgumentHelp("The device, instead of the one the profile names.", valueName: "arn"))
    var serial: MFADevice?

    @OptionGroup var profile: ProfileArgument
    @OptionGroup var session: SessionOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let plan = try host.plan(for: profile, session)
      let resync = MFADeviceResync(plan: plan, options: session, host: host)
      try resync.run(serial, askingOn: host.terminalForCodes())
    }
  }
}
