package import AWSValues
package import FoundationEssentials
internal import Hashing
package import Secrets

extension IAM {
  /// The devices of the user named, or of the one whose key signs.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
  package func mfaDevices(
    ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [MFADeviceDescription] {
    try list("ListMFADevices", ["UserName": name?.text], of: "MFADevices", signedBy: credentials)
  }

  /// The account's virtual devices.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html
  package func virtualMFADevices(
    _ assignment: MFADeviceAssignment = .any, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [VirtualMFADeviceDescription] {
    try list(
      "ListVirtualMFADevices", ["AssignmentStatus": assignment.rawValue], of: "VirtualMFADevices",
      signedBy: credentials)
  }

  /// A device that belongs to nobody yet. Its seed is told this once.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html
  package func createVirtualMFADevice(
    named name: MFADeviceName, tags: [Tag] = [], signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> NewVirtualMFADevice {
    try call(
      "CreateVirtualMFADevice", ["VirtualMFADeviceName": name.text], tags: tags, .once, signedBy: credentials
    ).newVirtualMFADevice()
  }

  /// Gives the codes' device to the user; throws `wrongMFACode` if AWS does not take the codes. They are spent.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
  package func enableMFADevice(
    with codes: consuming ConsecutiveCodes, forUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call(Self.form("EnableMFADevice", of: name, codes), .once, signedBy: credentials)
  }

  /// Tells AWS how far the device's clock is off. The codes are spent.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html
  package func resyncMFADevice(
    with codes: consuming ConsecutiveCodes, ofUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call(Self.form("ResyncMFADevice", of: name, codes), .once, signedBy: credentials)
  }

  /// Takes the device from the user named, or from the one whose key signs.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html
  package func deactivateMFADevice(
    _ device: MFADevice, ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call(
      "DeactivateMFADevice", ["UserName": name?.text, "SerialNumber": device.text], signedBy: credentials)
  }

  /// Throws `deleteConflict` while the device belongs to a user.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html
  package func deleteVirtualMFADevice(
    _ device: MFADevice, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call("DeleteVirtualMFADevice", ["SerialNumber": device.text], signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADeviceTags.html
  package func tags(
    ofDevice device: MFADevice, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [Tag] {
    try list("ListMFADeviceTags", ["SerialNumber": device.text], of: "Tags", signedBy: credentials)
  }

  private static func form(_ action: String, of name: UserName, _ codes: borrowing ConsecutiveCodes) -> FormBody {
    var form = form(action, ["UserName": name.text, "SerialNumber": codes.device.text])
    form.append("AuthenticationCode1", secret: codes.first.digits)
    form.append("AuthenticationCode2", secret: codes.second.digits)
    return form
  }
}

// MARK: - Consecutive codes

/// The codes that a device showed one after the other, by which AWS learns how its clock runs.
package struct ConsecutiveCodes: ~Copyable, Sendable {
  let first: MFACode
  let second: MFACode

  /// Nil if the codes are the same, or belong to two devices. Only AWS can tell to which steps they belong.
  package init?(_ first: consuming MFACode, _ second: consuming MFACode) {
    guard first.device == second.device, !first.digits.equals(second.digits) else { return nil }
    self.first = first
    self.second = second
  }

  package var device: MFADevice { first.device }
}

/// Which virtual MFA devices to list.
package enum MFADeviceAssignment: String, Sendable {
  case unassigned = "Unassigned"
  case any = "Any"
}

/// An MFA device that is enabled for a user.
package struct MFADeviceDescription: Equatable, Sendable {
  package let device: MFADevice
  package let enableDate: Date?
}

// MARK: - New virtual MFA device

/// A virtual MFA device that was just created, with the seed that AWS tells once.
package struct NewVirtualMFADevice: ~Copyable, Sendable {
  package let device: MFADevice
  package let seed: MFASeed
}

/// A virtual MFA device of the account, enabled or not.
package struct VirtualMFADeviceDescription: Equatable, Sendable {
  package let device: MFADevice
  /// Nil while it belongs to nobody.
  package let user: User?
}

// MARK: - Responses

extension MFADeviceDescription: IAMListItem {
  init(_ place: AWSResponse.Place, of response: borrowing AWSResponse) throws(AWSError) {
    device = try response.value("SerialNumber", in: place)
    enableDate = try response.optionalDate("EnableDate", in: place)
  }
}

extension VirtualMFADeviceDescription: IAMListItem {
  init(_ place: AWSResponse.Place, of response: borrowing AWSResponse) throws(AWSError) {
    device = try response.value("SerialNumber", in: place)
    user = try response.elements("User", in: place).first.map { user throws(AWSError) in try User(user, of: response) }
  }
}

extension AWSResponse {
  /// The seed is base32, and that in base64 like everything the API calls a blob.
  fileprivate func newVirtualMFADevice() throws(AWSError) -> NewVirtualMFADevice {
    let place = try result("VirtualMFADevice")
    let device: MFADevice = try value("SerialNumber", in: place)
    guard let base32 = Base64.decode(try secret("Base32StringSeed", in: place)), let seed = MFASeed(base32: base32)
    else { throw malformed("Base32StringSeed") }
    return NewVirtualMFADevice(device: device, seed: seed)
  }
}
