import AWSValues
import ArgumentParser

extension MFA {
  struct RemoveDevice: ProfileCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove",
      abstract: "Take an MFA device from a profile's user, and delete it if it is virtual.",
      discussion: "Its mfa_serial is taken out of ~/.aws/config. A run that was cut short is finished by the next.")

    @Option(help: ArgumentHelp("The device, instead of the one the profile names.", valueName: "arn"))
    var serial: MFADevice?

    @OptionGroup var profile: ProfileArgument
    @OptionGroup var session: SessionOptions
    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let removal = MFADeviceRemoval(plan: try host.plan(for: profile, session), options: session, host: host)
      let target = try removal.target(serial)
      try host.confirm("take the MFA device \(target.device.text) from its user?", unless: confirmation)
      try removal.remove(target.device, by: target.plan)
    }
  }
}
