package import AWSValues
package import FoundationEssentials
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

// MARK: - Base64

extension SecretBytes {
  /// The bytes that base64 text stands for (RFC 4648, 4), with its padding; nil where it is not of that form.
  init?(base64 text: borrowing SecretBytes) {
    self = SecretBytes(capacity: text.count / 4 * 3)
    let isComplete = text.withBytes { text in
      guard text.count % 4 == 0 else { return false }
      let padding = min(2, Base64.padding(of: text))
      for start in stride(from: 0, to: text.count, by: 4) {
        let isLast = start + 4 == text.count
        guard append(base64: text.extracting(start..<(start + 4)), padding: isLast ? padding : 0) else { return false }
      }
      return true
    }
    guard isComplete else { return nil }
  }

  /// Appends the bytes of four letters, the last `padding` of which are `=`; false where one is no letter.
  private mutating func append(base64 group: borrowing Span<UInt8>, padding: Int) -> Bool {
    var number: UInt32 = 0
    for index in 0..<(4 - padding) {
      guard let value = Base64.value(of: group[index]) else { return false }
      number = number << 6 | value
    }
    number <<= UInt32(6 * padding)
    for index in 0..<(3 - padding) { append(UInt8(truncatingIfNeeded: number >> UInt32(16 - 8 * index))) }
    return true
  }
}

private enum Base64 {
  static func padding(of text: borrowing Span<UInt8>) -> Int {
    var padding = 0
    while padding < text.count, text[text.count - 1 - padding] == UInt8(ascii: "=") { padding += 1 }
    return padding
  }

  static func value(of letter: UInt8) -> UInt32? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter) - 97 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter) - 48 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

// MARK: - MFA devices

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

// MARK: - Consecutive codes

/// The codes that a device showed one after the other, by which AWS learns how its clock runs.
package struct ConsecutiveCodes: ~Copyable, Sendable {
  let first: MFACode
  let second: MFACode

  /// Nil where the codes are the same, or of two devices. Which steps they are of only AWS can tell.
  package init?(_ first: consuming MFACode, _ second: consuming MFACode) {
    guard first.device == second.device, !first.digits.equals(second.digits) else { return nil }
    self.first = first
    self.second = second
  }

  package var device: MFADevice { first.device }
}

/// Which virtual MFA devices to list.
package enum MFADeviceAssignment: String, Sendable {
  case assigned = "Assigned"
  case unassigned = "Unassigned"
  case any = "Any"
}

/// An MFA device that is enabled for a user.
package struct MFADeviceDescription: Equatable, Sendable {
  package let device: MFADevice
  package let userName: UserName
  package let enableDate: Date?
}

// MARK: - New virtual MFA device

/// A virtual MFA device that was just created, with the seed that AWS tells once.
package struct NewVirtualMFADevice: ~Copyable, Sendable {
  package let device: MFADevice
  package let seed: MFASeed

  init(device: MFADevice, seed: consuming MFASeed) {
    self.device = device
    self.seed = seed
  }

  package consuming func takeSeed() -> MFASeed { seed }
}

/// A virtual MFA device of the account, enabled or not.
package struct VirtualMFADeviceDescription: Equatable, Sendable {
  package let device: MFADevice
  /// Nil while it belongs to nobody.
  package let user: User?
  package let enableDate: Date?
}
