import AWSServices
import AWSValues
import Secrets
import TerminalIO

/// The MFA devices of the user whose key signs, and what can be done to them.
struct UserMFADevices: ~Copyable {
  let user: UserARN
  private let iam: IAM
  private let credentials: Credentials
  private let polling = PollingPolicy.whileBusy(pause: Host.pause)

  /// - Throws: `notAUser`, AWSError.
  init(by session: ProfileSession, signedBy credentials: borrowing Credentials) throws {
    let identity = try session.sts.callerIdentity(signedBy: credentials)
    guard let user = UserARN(identity.arn) else { throw MFADeviceError.notAUser(arn: identity.arn) }
    self.user = user
    iam = session.iam
    self.credentials = credentials.clone()
  }

  func all() throws(AWSError) -> [MFADeviceDescription] {
    try iam.mfaDevices(ofUser: user.name, signedBy: credentials)
  }

  func has(_ device: MFADevice) throws(AWSError) -> Bool {
    try all().contains { $0.device == device }
  }

  /// The account's virtual devices; a new one needs a name that none of them has.
  func virtualDevicesOfAccount() throws(AWSError) -> [VirtualMFADeviceDescription] {
    try iam.virtualMFADevices(signedBy: credentials)
  }

  /// Creates a device, still unassigned, and creates it again if its seed was lost on the way to us.
  func create(_ available: AvailableName) throws(AWSError) -> NewVirtualMFADevice {
    if let leftover = available.leftover { try discard(leftover) }
    do throws(AWSError) {
      return try create(named: available.name)
    } catch {
      guard error.leavesOutcomeOpen else { throw error }
    }
    return try create(named: available.name)
  }

  /// Leaves no device behind if AWS's reply is lost.
  private func create(named name: MFADeviceName) throws(AWSError) -> NewVirtualMFADevice {
    do throws(AWSError) {
      return try iam.createVirtualMFADevice(named: name, signedBy: credentials)
    } catch {
      if error.leavesOutcomeOpen { try discardLeftover(named: name) }
      throw error
    }
  }

  func enable(with codes: consuming ConsecutiveCodes) throws(AWSError) {
    try iam.enableMFADevice(with: codes, forUser: user.name, signedBy: credentials)
  }

  func resync(with codes: consuming ConsecutiveCodes) throws(AWSError) {
    try iam.resyncMFADevice(with: codes, ofUser: user.name, signedBy: credentials)
  }

  /// Deletes a virtual device that is unassigned, or gone already.
  func discard(_ device: MFADevice) throws(AWSError) {
    try untilFree { () throws(AWSError) in try iam.deleteVirtualMFADevice(device, signedBy: credentials) }
  }

  /// Takes the device from the user, and deletes it if it is virtual; steps that are already done count as done.
  func remove(_ device: MFADevice) throws(AWSError) {
    try untilFree { () throws(AWSError) in
      try iam.deactivateMFADevice(device, ofUser: user.name, signedBy: credentials)
    }
    if device.kind == .virtual { try discard(device) }
  }

  /// Makes a change that counts as done if AWS does not know the device.
  private func untilFree(_ change: () throws(AWSError) -> Void) throws(AWSError) {
    try polling.retry(
      { () throws(AWSError) in try IAM.ignoringAbsence(change) },
      while: { $0.means(.iam(.temporarilyUnmodifiable)) })
  }

  private func discardLeftover(named name: MFADeviceName) throws(AWSError) {
    let free = try iam.virtualMFADevices(.unassigned, signedBy: credentials)
    for leftover in free where leftover.device.text.hasSuffix(":mfa/\(name.text)") { try discard(leftover.device) }
  }
}

extension AWSError {
  /// Whether the call may have been carried out nevertheless.
  var leavesOutcomeOpen: Bool {
    switch self {
    case .http, .notAWS, .malformed: true
    case .service(let refusal): refusal.meaning == .unavailable
    case .endpoint, .signing, .listTooLong, .otherRole, .libraryMissing: false
    }
  }
}

// MARK: - Resync

extension UserMFADevices {
  /// Asks for two codes of `device` until AWS takes them.
  func resync(_ device: MFADevice, askingOn terminal: borrowing Terminal, for host: Host) throws {
    guard device.givesCodes else { throw MFADeviceError.showsNoCodes(device) }
    host.diagnostics.note("enter two consecutive codes from \(device.text)")
    let prompt = CodePrompt(of: device, on: host)
    try prompt.untilTaken(on: terminal) { codes throws(AWSError) in
      try resync(with: codes)
    } unless: {
      $0.means(.iam(.noSuchEntity))
    }
    host.diagnostics.note("AWS has corrected for the clock of \(device.text)")
  }
}

// MARK: - Choice

extension Host {
  /// The device that the user wants in the profile; without a terminal a hint says how to name one.
  func chooseDevice(
    for profile: String, among devices: [MFADevice],
    asking question: (MFADevice) -> String = Messages.useForProfile
  ) throws -> MFADevice? {
    guard let first = devices.first else { return nil }
    guard let terminal = Terminal.foreground() else {
      diagnostics.note(Messages.lineForMFA(first, of: profile))
      return nil
    }
    return try devices.first { try terminal.confirms(question($0), preset: .yes) }
  }
}

// MARK: - MFA device error

/// Why the MFA devices of a user stay as they are.
enum MFADeviceError: Error, Equatable {
  /// Codes have to be asked for, and we are not in the foreground of a terminal.
  case noTerminal
  /// The terminal does not show `▀` and `▄`, by its locale or its type.
  case noBlockCharacters
  /// The QR code has more characters than the terminal.
  case terminalTooSmall(TerminalSize)
  /// The key belongs to the root user, or to something else that is not an IAM user.
  case notAUser(arn: String)
  /// A device has the name, and is assigned to a user.
  case nameTaken(MFADeviceName)
  case noDevice(profile: String)
  /// The profile names none of these, so it is not clear which one is meant.
  case severalDevices([MFADevice])
  /// A FIDO device, which shows no codes.
  case showsNoCodes(MFADevice)
  /// A signal arrived that ends us while the device was created.
  case interrupted
  /// AWS rejected every pair of codes; the last reason it gave, if it gave one.
  case noValidCodes(MFADevice, tries: Int, ServiceError?)
}
