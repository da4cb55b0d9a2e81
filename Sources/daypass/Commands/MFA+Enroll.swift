import AWSServices
import AWSValues
import ArgumentParser
import Delivery
import Profiles
import QRCodes
import Secrets
import TerminalIO

/// What `mfa enroll` does, step by step: if anything ends it before the device is enabled, the device is deleted.
struct Enrolment {
  let profile: String
  let form: SeedForm
  let host: Host

  /// Makes a device, has its codes entered, and writes it to the profile.
  func run(_ wish: MFADeviceName?, among devices: borrowing UserMFADevices) throws {
    let terminal = try Terminal.forCodes()
    try form.check(for: devices.user, on: terminal, in: host.environment)
    let name = try availableName(wish, among: devices, terminal)
    try deferringSignals { signal in
      let made = try devices.create(name)
      do {
        guard !signal.isPending else { throw MFADeviceError.interrupted }
        try take(over: made, devices, terminal)
      } catch {
        giveUp(made.device, devices)
        throw error
      }
    }
  }

  /// Asks before a device is replaced that was never enabled: another program may just have made it.
  private func availableName(
    _ wish: MFADeviceName?, among devices: borrowing UserMFADevices, _ terminal: borrowing Terminal
  ) throws -> AvailableName {
    let known = try devices.virtualDevicesOfAccount()
    let name =
      try wish.map { try AvailableName($0, among: known) } ?? AvailableName(for: devices.user.name, among: known)
    guard let leftover = name.leftover else { return name }
    if try terminal.confirms(Messages.replacement(of: leftover)) { return name }
    guard let wish else { return try AvailableName(for: devices.user.name, among: known, leftovers: .kept) }
    throw MFADeviceError.nameTaken(wish)
  }

  private func take(
    over made: borrowing NewVirtualMFADevice, _ devices: borrowing UserMFADevices, _ terminal: borrowing Terminal
  ) throws {
    guard case .png(let path) = form else { return try enable(made, devices, terminal) }
    let uri = SeedForm.uri(of: made.seed.base32, for: devices.user)
    let file = try NewFile(path, holding: QRCode(encoding: uri.text()).png())
    host.diagnostics.note(Messages.picture(at: path))
    do {
      try enable(made, devices, terminal)
    } catch {
      try file.remove()
      throw error
    }
    if try terminal.confirms(Messages.removal(ofPictureAt: path)) { return try file.remove() }
    host.diagnostics.note(Messages.pictureStays(at: path))
  }

  private func enable(
    _ made: borrowing NewVirtualMFADevice, _ devices: borrowing UserMFADevices, _ terminal: borrowing Terminal
  ) throws {
    let picture = try form.picture(of: made.seed.base32, for: devices.user, on: terminal)
    let prompt = CodePrompt(of: made.device, on: host)
    try prompt.untilTaken(on: terminal, below: picture) { codes throws(AWSError) in
      try devices.enable(with: codes)
    } orDone: { () throws(AWSError) in
      try devices.has(made.device)
    }
    try writeProfile(made.device)
  }

  func writeProfile(_ device: MFADevice) throws {
    try ConfigFiles(environment: host.environment).editConfig { editor throws(ConfigError) in
      try editor.setProperty(.mfaSerial, to: device.text, in: profile)
    }
    host.diagnostics.note("profile '\(profile)' now uses MFA device \(device.text)")
  }

  private func giveUp(_ device: MFADevice, _ devices: borrowing UserMFADevices) {
    do throws(AWSError) {
      try devices.discard(device)
      host.diagnostics.note("\(device.text) was deleted")
    } catch {
      host.diagnostics.warn(Messages.notDeleted(device, error))
    }
  }
}

extension Enrolment {
  /// Offers the devices that the user has already, such as one whose enrolment ended before the profile was written;
  /// true if one of them was taken.
  func offerExisting(_ devices: borrowing UserMFADevices) throws -> Bool {
    guard try host.profiles().profile(named: profile)?[.mfaSerial] == nil else { return false }
    let existing = try devices.all().map(\.device).filter(\.givesCodes)
    let choice = try host.chooseDevice(for: profile, among: existing, asking: Messages.useInsteadOfAnother)
    guard let device = choice else { return false }
    try writeProfile(device)
    return true
  }
}

// MARK: - Seed form

/// How the user takes over a seed.
enum SeedForm: Equatable {
  case qrCode
  case text
  /// A picture in a new file.
  case png(path: String)

  /// Throws, before anything is made, if the terminal cannot show it.
  func check(for user: UserARN, on terminal: borrowing Terminal, in environment: [String: String]) throws {
    guard self == .qrCode else { return }
    guard Terminal.showsBlocks(in: environment) else { throw MFADeviceError.noBlockCharacters }
    // As long as AWS's.
    let seed = SecretBytes(copying: String(repeating: "A", count: 64))
    _ = try picture(of: seed, for: user, on: terminal)
  }

  /// What to show on the terminal above the first question; empty for none.
  func picture(of seed: borrowing SecretBytes, for user: UserARN, on terminal: borrowing Terminal) throws -> SecretBytes
  {
    switch self {
    case .png: return SecretBytes()
    case .text: return Messages.seedText(seed, account: user.label)
    case .qrCode:
      let size = terminal.size
      let text = try Self.uri(of: seed, for: user).terminalText(columns: size.columns, rows: size.rows - 1)
      guard let text else { throw MFADeviceError.terminalTooSmall(size) }
      return Messages.captioned(text, columns: size.columns)
    }
  }

  static func uri(of seed: borrowing SecretBytes, for user: UserARN) -> OTPAuthURI {
    OTPAuthURI(seed: seed, account: user.label, issuer: "AWS")
  }
}

extension UserARN {
  /// What apps show beside the codes.
  var label: String { "\(name.text)@\(account)" }
}

// MARK: - Available name

/// A name for a new virtual MFA device, and the leftover that has this name: a device that was never enabled, and that
/// nobody can enable any more, since AWS shows a seed once.
struct AvailableName: Equatable {
  let name: MFADeviceName
  let leftover: MFADevice?

  /// - Throws: `nameTaken` if a device that is no leftover has the name.
  init(_ wish: MFADeviceName, among devices: [VirtualMFADeviceDescription]) throws(MFADeviceError) {
    guard let name = AvailableName(wish.text, among: devices) else { throw .nameTaken(wish) }
    self = name
  }

  /// What becomes of an unassigned device that is in the way.
  enum Leftovers { case replaced, kept }

  /// The user's name, or the first of `NAME-2`, `NAME-3`, … that no other device has.
  init(
    for user: UserName, among devices: [VirtualMFADeviceDescription], leftovers: Leftovers = .replaced
  ) throws(MFADeviceError) {
    let names = [user.text] + (2...devices.count + 2).map { "\(user.text)-\($0)" }
    let free = names.lazy.compactMap { AvailableName($0, among: devices) }
    guard let name = free.first(where: { leftovers == .replaced || $0.leftover == nil }) else {
      throw .severalDevices(devices.map(\.device))
    }
    self = name
  }

  /// Nil if a device of that name belongs to somebody, or has a path, under which we never make one. IAM does not tell
  /// names apart by case.
  private init?(_ text: String, among devices: [VirtualMFADeviceDescription]) {
    guard let name = MFADeviceName(text) else { return nil }
    let same = devices.filter { $0.device.name.lowercased() == text.lowercased() }
    guard same.allSatisfy({ $0.user == nil && $0.device.text.hasSuffix(":mfa/\($0.device.name)") }) else { return nil }
    self.name = name
    leftover = same.first?.device
  }
}

// MARK: - Enrolment options

/// How a new MFA device is named, and its seed handed over.
struct EnrolmentOptions: ParsableArguments {
  @Option(help: "The new device's name in AWS, instead of the user's.")
  var name: MFADeviceName?

  @Option(help: ArgumentHelp("Write the QR code to a new PNG file instead of the terminal.", valueName: "file"))
  var png: String?

  @Flag(help: "Show the secret key as text, to type into an app.")
  var text = false

  func validate() throws {
    if png != nil, text { throw ValidationError("use only one of --png and --text") }
  }

  var form: SeedForm { png.map { .png(path: $0) } ?? (text ? .text : .qrCode) }
}

extension MFADeviceName: ExpressibleByArgument {
  package init?(argument: String) {
    self.init(argument)
  }
}
