import ArgumentParser

extension MFA {
  struct ListDevices: ProfileCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List the MFA devices of a profile's user.")

    @OptionGroup var profile: ProfileArgument
    @OptionGroup var session: SessionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let plan = try host.plan(for: profile, session)
      let devices = try host.withMFADevices(by: plan.forUser, session) { try $0.all() }
      let used = try host.mfaSerial(of: plan)
      try host.write(MFADeviceReport(devices, ofProfile: used), as: output)
      guard let used, !devices.contains(where: { $0.device == used }) else { return }
      host.diagnostics.warn(Explained.unknownSerial(used, of: plan.keyProfile))
    }
  }
}
