import AWSServices
import AWSValues
import Profiles

/// What `mfa remove` does; a run that was cut short is finished by the next.
struct MFADeviceRemoval {
  let plan: CredentialPlan
  let options: SessionOptions
  let host: Host

  /// The device that is meant, and the plan for taking it away: no session can be had with a device that is gone.
  func target(_ named: MFADevice?) throws -> (device: MFADevice, plan: CredentialPlan) {
    let choice = DeviceChoice(named: named, ofProfile: try host.mfaSerial(of: plan))
    do {
      let devices = try host.withMFADevices(by: plan.forKey, options) { try $0.all() }.map(\.device)
      let device = try choice.device(among: devices, of: plan.keyProfile)
      return (device, devices.contains(device) ? plan.forUser : plan.forKey)
    } catch let error as AWSError {
      // Without MFA the policy may not even let us look.
      guard error.means(.accessDenied), !plan.forUser.steps.isEmpty else { throw error }
      return (try choice.device(among: [], of: plan.keyProfile), plan.forUser)
    }
  }

  func remove(_ device: MFADevice, by plan: CredentialPlan) throws {
    try host.withMFADevices(by: plan, options) { devices in try devices.remove(device) }
    host.diagnostics.note("\(device.text) is no longer an MFA device of this user")
    try cleanConfig(of: device)
  }

  private func cleanConfig(of device: MFADevice) throws {
    try ConfigFiles(environment: host.environment).editConfig { editor throws(ConfigError) in
      try editor.removeProperties(.mfaSerial, holding: device.text)
    }
    let profiles = try host.profiles()
    for name in profiles.names {
      guard let left = profiles.profile(named: name)?[.mfaSerial], left.value == device.text else { continue }
      host.diagnostics.warn(Explained.serialStays(at: left.location))
    }
  }
}
