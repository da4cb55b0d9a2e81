import AWSServices
import AWSValues

/// Which device of a user is meant.
struct DeviceChoice {
  /// What the command line names.
  let named: MFADevice?
  /// What the profile asks for codes of.
  let ofProfile: MFADevice?

  /// Whether it is clear without asking AWS.
  var isMade: Bool { named != nil || ofProfile != nil }

  /// The one that is named, that of the profile, or the only one. Throws `noDevice`, `severalDevices`.
  func device(among devices: [MFADevice], of profile: String) throws(MFADeviceError) -> MFADevice {
    if let device = named ?? ofProfile { return device }
    guard let only = devices.first else { throw .noDevice(profile: profile) }
    guard devices.count == 1 else { throw .severalDevices(devices) }
    return only
  }
}
