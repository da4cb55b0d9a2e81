import ArgumentParser

extension MFA {
  struct Enroll: ProfileCommand {
    static let configuration = CommandConfiguration(
      commandName: "enroll",
      abstract: "Make a virtual MFA device for a profile's user.",
      discussion: """
        Shows the device's secret key as a QR code for an authenticator app, asks for the two codes that the app shows \
        next, and writes the device to the profile's mfa_serial.
        """)

    @OptionGroup var profile: ProfileArgument
    @OptionGroup var enrolment: EnrolmentOptions
    @OptionGroup var session: SessionOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let plan = try host.plan(for: profile, session)
      let enrolment = Enrolment(profile: plan.keyProfile, form: try self.enrolment.form, host: host)
      _ = try host.terminalForCodes()
      try host.withMFADevices(by: plan.forUser, session) { devices in
        if try enrolment.offerExisting(devices) { return }
        try enrolment.run(self.enrolment.name, among: devices)
      }
    }
  }
}
