import AWSServices
import AWSValues
import ArgumentParser
import FoundationEssentials
import Profiles
import TerminalIO

/// The group of commands about MFA devices.
struct MFA: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mfa",
    abstract: "Enroll, list, remove and resynchronize MFA devices.",
    subcommands: [Enroll.self, ListDevices.self, RemoveDevice.self, Resync.self])
}

// MARK: - Enroll

extension MFA {
  struct Enroll: ProfileCommand {
    static let configuration = CommandConfiguration(
      commandName: "enroll",
      abstract: "Create a virtual MFA device for a profile's user.",
      usage: "daypass mfa enroll [OPTIONS] [PROFILE]",
      discussion: """
        For example:
          daypass mfa enroll me
        Shows the device's secret key as a QR code for an authenticator app, asks for the two codes that the app shows \
        next, and writes the device to the profile's mfa_serial.
        """)

    @OptionGroup var profile: ProfileArgument
    @OptionGroup var enrolment: EnrolmentOptions
    @OptionGroup var session: SessionOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let plan = try session.request().plan(for: profile, on: host).requiringKey()
      let enrolment = Enrolment(profile: try plan.keyProfile(), form: self.enrolment.form, host: host)
      _ = try Terminal.forCodes()
      try profile.confirmIfUnnamed("make an MFA device for the user of profile '\(enrolment.profile)'", on: host)
      try ProfileSession(plan.forUser, session.request(), on: host).withMFADevices { devices in
        if self.enrolment.name == nil, try enrolment.offerExisting(devices) { return }
        try enrolment.run(self.enrolment.name, among: devices)
      }
    }
  }
}

// MARK: - List devices

extension MFA {
  struct ListDevices: ProfileCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List the MFA devices of a profile's user.",
      usage: "daypass mfa list [OPTIONS] [PROFILE]",
      discussion: """
        For example:
          daypass mfa list me
        """)

    @OptionGroup var profile: ProfileArgument
    @OptionGroup var session: SessionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let plan = try session.request().plan(for: profile, on: host).requiringKey()
      let devices = try ProfileSession(plan.forUser, session.request(), on: host).withMFADevices { try $0.all() }
      let used = try plan.deviceOfKeyProfile(on: host)
      try output.write(MFADeviceReport(devices, ofProfile: used), on: host)
      guard let used, !devices.contains(where: { $0.device == used }) else { return }
      host.diagnostics.warn(Messages.unknownSerial(used, of: try plan.keyProfile()))
    }
  }
}

// MARK: - Remove device

extension MFA {
  struct RemoveDevice: ProfileCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove",
      abstract: "Remove an MFA device from a profile's user, and delete it if it is virtual.",
      usage: "daypass mfa remove [OPTIONS] [PROFILE]",
      discussion: """
        For example:
          daypass mfa remove me
        Removes its mfa_serial from ~/.aws/config too. If it is interrupted, run it again.
        """)

    @Option(help: ArgumentHelp("The device, instead of the one the profile names.", valueName: "arn"))
    var serial: MFADevice?

    @OptionGroup var profile: ProfileArgument
    @OptionGroup var session: SessionOptions
    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let plan = try session.request().plan(for: profile, on: host).requiringKey()
      let target = try target(of: plan, on: host)
      try confirmation.confirm("remove MFA device \(target.device.text) from its user", of: profile, on: host)
      try ProfileSession(target.plan, session.request(), on: host).withMFADevices { try $0.remove(target.device) }
      host.diagnostics.note("\(target.device.text) is no longer an MFA device of this user")
      try cleanConfig(of: target.device, on: host)
    }

    /// The device that is meant, and the plan for removing it: a device that is gone gives no session.
    private func target(
      of plan: CredentialPlan, on host: Host
    ) throws -> (device: MFADevice, plan: CredentialPlan) {
      let wanted = try serial ?? plan.deviceOfKeyProfile(on: host)
      do {
        let access = try ProfileSession(plan.withoutSteps, session.request(), on: host)
        let devices = try access.withMFADevices { try $0.all() }.map(\.device)
        let device = try wanted ?? devices.only(of: plan.keyProfile())
        return (device, devices.contains(device) ? plan.forUser : plan.withoutSteps)
      } catch let error as AWSError {
        // Without MFA the policy may not even let us look.
        guard error.means(.accessDenied), !plan.forUser.steps.isEmpty else { throw error }
        guard let wanted else { throw MFADeviceError.noDevice(profile: try plan.keyProfile()) }
        return (wanted, plan.forUser)
      }
    }

    private func cleanConfig(of device: MFADevice, on host: Host) throws {
      try ConfigFiles(environment: host.environment).editConfig { editor throws(ConfigError) in
        try editor.removeProperties(.mfaSerial, holding: device.text)
      }
      let profiles = try host.profiles()
      for name in profiles.names {
        guard let left = profiles.profile(named: name)?[.mfaSerial], left.value == device.text else { continue }
        host.diagnostics.warn(Messages.serialStays(at: left.location))
      }
    }
  }
}

// MARK: - Resync

extension MFA {
  struct Resync: ProfileCommand {
    static let configuration = CommandConfiguration(
      commandName: "resync",
      abstract: "Resynchronize an MFA device whose clock drifted.",
      usage: "daypass mfa resync [OPTIONS] [PROFILE]",
      discussion: """
        For example:
          daypass mfa resync me
        Asks for two consecutive codes. The call is signed with a cached session or the long-term key, because single codes \
        fail; a new session is made only if the user's policy denies the call to the key.
        """)

    @Option(help: ArgumentHelp("The device, instead of the one the profile names.", valueName: "arn"))
    var serial: MFADevice?

    @OptionGroup var profile: ProfileArgument
    @OptionGroup var session: SessionOptions
    @OptionGroup var diagnostics: DiagnosticOptions

    func run(on host: Host) throws {
      let plan = try session.request().plan(for: profile, on: host).requiringKey()
      let wanted = try serial ?? plan.deviceOfKeyProfile(on: host)
      let terminal = try Terminal.forCodes()
      try profile.confirmIfUnnamed("resynchronize an MFA device of profile '\(plan.keyProfile())'", on: host)
      let user = try ProfileSession(plan.forUser, session.request(), on: host)
      guard try !user.hasCachedSession(margin: .command) else { return try resync(wanted, by: user, terminal, host) }
      do {
        try resync(wanted, by: ProfileSession(plan.withoutSteps, session.request(), on: host), terminal, host)
      } catch let error as AWSError where error.means(.accessDenied) && !plan.forUser.steps.isEmpty {
        host.diagnostics.note(Messages.sessionFirst)
        try resync(wanted, by: user, terminal, host)
      }
    }

    private func resync(
      _ wanted: MFADevice?, by access: ProfileSession, _ terminal: borrowing Terminal, _ host: Host
    ) throws {
      try access.withMFADevices { devices in
        let device = try wanted ?? devices.all().map(\.device).only(of: access.plan.keyProfile())
        try devices.resync(device, askingOn: terminal, for: host)
      }
    }
  }
}

// MARK: - MFA devices

extension ProfileSession {
  /// Lends the MFA devices of the user whose key signs.
  func withMFADevices<Result>(_ body: (borrowing UserMFADevices) throws -> Result) throws -> Result {
    try withCredentials(margin: .command) { credentials in
      try body(UserMFADevices(by: self, signedBy: credentials))
    }
  }
}

extension CredentialPlan {
  /// The device that the files name for the profile with the key.
  func deviceOfKeyProfile(on host: Host) throws -> MFADevice? {
    try host.profiles().profile(named: keyProfile())?[.mfaSerial].flatMap { MFADevice($0.value) }
  }
}

extension Terminal {
  /// The terminal on which codes are asked for. Throws `noTerminal`.
  static func forCodes() throws(MFADeviceError) -> Terminal {
    guard let terminal = foreground() else { throw .noTerminal }
    return terminal
  }
}

extension [MFADevice] {
  /// The only one that the user has. Throws `noDevice`, `severalDevices`.
  fileprivate func only(of profile: String) throws(MFADeviceError) -> MFADevice {
    guard let device = first else { throw .noDevice(profile: profile) }
    guard count == 1 else { throw .severalDevices(self) }
    return device
  }
}

// MARK: - MFA device report

/// What `mfa list` prints.
struct MFADeviceReport: Report {
  let mfaDevices: [Entry]

  struct Entry: Encodable {
    let serialNumber: String
    let kind: MFADeviceKind
    /// RFC 3339, UTC; absent if AWS does not say.
    let enableDate: String?
    /// Whether STS can use it.
    let givesCodes: Bool
    /// Whether the profile asks for codes of it.
    let usedByProfile: Bool
  }

  init(_ devices: [MFADeviceDescription], ofProfile device: MFADevice?) {
    mfaDevices = devices.map {
      Entry(
        serialNumber: $0.device.text, kind: $0.device.kind, enableDate: $0.enableDate?.rfc3339,
        givesCodes: $0.device.givesCodes, usedByProfile: $0.device == device)
    }
  }

  var text: String {
    Table(
      header: ["MFA DEVICE", "KIND", "SINCE", "PROFILE"],
      rows: mfaDevices.map {
        [$0.serialNumber, $0.kind.rawValue, String(($0.enableDate ?? "-").prefix(10)), use(of: $0)]
      }
    ).text
  }

  private func use(of entry: Entry) -> String {
    guard entry.givesCodes else { return "unusable: shows no codes for STS" }
    return entry.usedByProfile ? "uses it" : "-"
  }
}
