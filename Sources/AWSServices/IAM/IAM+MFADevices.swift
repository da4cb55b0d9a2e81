package import AWSValues
package import Secrets

extension IAM {
  /// The devices of the user named, or of the one whose key signs.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html
  package func mfaDevices(
    ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [MFADeviceDescription] {
    try all("ListMFADevices", ["UserName": name?.text], signedBy: credentials) { answer throws(AWSError) in
      try answer.mfaDevices()
    }
  }

  /// The account's virtual devices.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html
  package func virtualMFADevices(
    _ assignment: MFADeviceAssignment = .any, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [VirtualMFADeviceDescription] {
    try all("ListVirtualMFADevices", ["AssignmentStatus": assignment.rawValue], signedBy: credentials) {
      answer throws(AWSError) in try answer.virtualMFADevices()
    }
  }

  /// A device that belongs to nobody yet. Its seed is told this once.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html
  package func createVirtualMFADevice(
    named name: MFADeviceName, path: ResourcePath = .root, tags: [Tag] = [],
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> NewVirtualMFADevice {
    var form = form("CreateVirtualMFADevice", ["VirtualMFADeviceName": name.text, "Path": path.text])
    form.append(tags)
    return try answer(to: "CreateVirtualMFADevice", form, .createsSomething, signedBy: credentials)
      .newVirtualMFADevice()
  }

  /// Gives the codes' device to the user; throws `wrongMFACode` where AWS does not take the codes. They are spent.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
  package func enableMFADevice(
    with codes: consuming ConsecutiveCodes, forUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form("EnableMFADevice", of: name, codes)
    _ = try answer(to: "EnableMFADevice", form, .carriesMFACode, signedBy: credentials)
  }

  /// Tells AWS how far the device's clock is off. The codes are spent.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html
  package func resyncMFADevice(
    with codes: consuming ConsecutiveCodes, ofUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form("ResyncMFADevice", of: name, codes)
    _ = try answer(to: "ResyncMFADevice", form, .carriesMFACode, signedBy: credentials)
  }

  /// Takes the device from the user named, or from the one whose key signs.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html
  package func deactivateMFADevice(
    _ device: MFADevice, ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form("DeactivateMFADevice", ["UserName": name?.text, "SerialNumber": device.text])
    _ = try answer(to: "DeactivateMFADevice", form, signedBy: credentials)
  }

  /// Throws `deleteConflict` while the device belongs to a user.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html
  package func deleteVirtualMFADevice(
    _ device: MFADevice, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form("DeleteVirtualMFADevice", ["SerialNumber": device.text])
    _ = try answer(to: "DeleteVirtualMFADevice", form, signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADeviceTags.html
  package func tags(
    ofDevice device: MFADevice, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [Tag] {
    try all("ListMFADeviceTags", ["SerialNumber": device.text], signedBy: credentials) { answer throws(AWSError) in
      try answer.tags()
    }
  }

  private func form(_ action: String, of name: UserName, _ codes: borrowing ConsecutiveCodes) -> FormBody {
    var form = form(action, ["UserName": name.text, "SerialNumber": codes.device.text])
    form.append("AuthenticationCode1", digits: codes.first.digits)
    form.append("AuthenticationCode2", digits: codes.second.digits)
    return form
  }
}
