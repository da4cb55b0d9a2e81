import AWSServices
import AWSValues
import Console
import Delivery
import OneTimeCodes
import Profiles
import QRCodes
import Secrets

/// What `mfa enroll` does, step by step: whatever ends it before the device is enabled, the device is deleted again.
struct Enrolment {
  let profile: String
  let form: SeedForm
  let host: Host

  /// Makes a device, has its codes entered, and writes it to the profile.
  func run(_ wish: MFADeviceName?, among devices: borrowing UserMFADevices) throws {
    let terminal = try host.terminalForCodes()
    try form.check(for: devices.user, on: terminal, in: host.environment)
    let vacancy = try vacancy(wish, among: devices)
    try SignalHold.during { signal in
      let made = try devices.create(vacancy)
      do {
        guard !signal.hasCome else { throw MFADeviceError.interrupted }
        try take(over: made, devices, terminal)
      } catch {
        giveUp(made.device, devices)
        throw error
      }
    }
  }

  private func vacancy(_ wish: MFADeviceName?, among devices: borrowing UserMFADevices) throws -> VacantName {
    let known = try devices.virtualDevicesOfAccount()
    let vacancy = try wish.map { try VacantName($0, among: known) } ?? VacantName(for: devices.user.name, among: known)
    if let leftover = vacancy.leftover { host.diagnostics.note(Explained.replacing(leftover)) }
    return vacancy
  }

  private func take(
    over made: borrowing NewVirtualMFADevice, _ devices: borrowing UserMFADevices, _ terminal: borrowing Terminal
  ) throws {
    switch form {
    case .qrCode, .text: try enable(made, devices, terminal)
    case .png(let path):
      let uri = try SeedForm.uri(of: made.seed.base32, for: devices.user)
      let picture = try QRCode(encoding: uri.text()).png()
      try enable(made, devices, terminal, withPicture: NewFile(path, holding: picture), at: path)
    }
  }

  private func enable(
    _ made: borrowing NewVirtualMFADevice, _ devices: borrowing UserMFADevices, _ terminal: borrowing Terminal,
    withPicture file: consuming NewFile, at path: String
  ) throws {
    host.diagnostics.note(Explained.picture(at: path))
    do {
      try enable(made, devices, terminal)
    } catch {
      try file.remove()
      throw error
    }
    if try terminal.confirms(Explained.removal(ofPictureAt: path)) { return try file.remove() }
    host.diagnostics.note(Explained.pictureStays(at: path))
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
    host.diagnostics.note("profile '\(profile)' now asks for codes of \(device.text)")
  }

  private func giveUp(_ device: MFADevice, _ devices: borrowing UserMFADevices) {
    do throws(AWSError) {
      try devices.discard(device)
      host.diagnostics.note("\(device.text) is deleted again")
    } catch {
      host.diagnostics.warn(Explained.notDeleted(device, error))
    }
  }
}
