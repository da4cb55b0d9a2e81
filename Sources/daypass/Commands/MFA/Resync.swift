import AWSServices
import AWSValues
import ArgumentParser
import Secrets

extension MFA {
  struct Resync: ProfileCommand {
    static let configuration = CommandConfiguration(
      commandName: "resync",
      abstract: "Tell AWS how far the clock of an MFA device is off.",
      discussion: "Asks for two codes in a row. Signed with the long-term key, since the device's codes fail.")

    @Option(help: ArgumentHelp("The device, instead of the one the profile names.", valueName: "arn"))
    var serial: MFADevice?

    @OptionGroup var profile: ProfileArgument
    @OptionGroup var session: SessionOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let plan = try host.plan(for: profile, session)
      let choice = DeviceChoice(named: serial, ofProfile: try host.mfaSerial(of: plan))
      let terminal = try host.terminalForCodes()
      try host.withMFADevices(by: plan.forKey, session) { devices in
        let known = try choice.isMade ? [] : devices.all().map(\.device)
        let device = try choice.device(among: known, of: plan.keyProfile)
        try devices.resync(device, askingOn: terminal, for: host)
      }
    }
  }
}
