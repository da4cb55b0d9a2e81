internal import AWSValues
internal import OneTimeCodes
internal import Secrets

extension Answer {
  func mfaDevices() throws(AWSError) -> [MFADeviceDescription] {
    var devices: [MFADeviceDescription] = []
    for place in members(of: "MFADevices") {
      devices.append(
        MFADeviceDescription(
          device: try value("SerialNumber", in: place), userName: try value("UserName", in: place),
          enableDate: try optionalDate("EnableDate", in: place)))
    }
    return devices
  }

  func virtualMFADevices() throws(AWSError) -> [VirtualMFADeviceDescription] {
    var devices: [VirtualMFADeviceDescription] = []
    for place in members(of: "VirtualMFADevices") {
      var owner: User?
      if let user = elements("User", in: place).first { owner = try self.user(in: user) }
      devices.append(
        VirtualMFADeviceDescription(
          device: try value("SerialNumber", in: place), user: owner,
          enableDate: try optionalDate("EnableDate", in: place)))
    }
    return devices
  }

  /// The seed is base32, and that in base64 like everything the API calls a blob.
  func newVirtualMFADevice() throws(AWSError) -> NewVirtualMFADevice {
    let place = try result("VirtualMFADevice")
    let device: MFADevice = try value("SerialNumber", in: place)
    let wire = try secret("Base32StringSeed", in: place)
    guard let base32 = SecretBytes(base64: wire) else { throw malformed("Base32StringSeed") }
    guard let seed = MFASeed(base32: base32) else { throw malformed("Base32StringSeed") }
    return NewVirtualMFADevice(device: device, seed: seed)
  }
}
