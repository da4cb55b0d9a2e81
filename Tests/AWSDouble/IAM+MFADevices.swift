import FoundationEssentials

extension World {
  private static let mostDevices = 8

  static let deviceCalls: [Action: IAMCall] = [
    .createVirtualMFADevice: { world, parameters, caller throws(Refusal) in
      try world.createVirtualMFADevice(parameters, as: caller)
    },
    .enableMFADevice: { world, parameters, caller throws(Refusal) in
      try world.enableMFADevice(parameters, as: caller)
    },
    .resyncMFADevice: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName", "SerialNumber", "AuthenticationCode1", "AuthenticationCode2")
      _ = try parameters.name("UserName", upTo: 128)
      let user = try world.target(of: parameters, for: .resyncMFADevice, as: caller)
      let place = try World.place(of: parameters.serial(), in: user)
      let codes = try ConsecutiveCodes(parameters)
      let drift = try world.codes.drift(codes, of: user.mfaDevices[place], at: world.now)
      world.account.update(user: user.name) { $0.mfaDevices[place].drift = drift }
      return []
    },
    .deactivateMFADevice: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName", "SerialNumber")
      let user = try world.target(of: parameters, for: .deactivateMFADevice, as: caller)
      let place = try World.place(of: parameters.serial(), in: user)
      world.account.unassignedMFADevices.append(user.mfaDevices[place])
      world.account.update(user: user.name) { $0.mfaDevices.remove(at: place) }
      return []
    },
    .deleteVirtualMFADevice: { world, parameters, caller throws(Refusal) in
      try world.deleteVirtualMFADevice(parameters, as: caller)
    },
  ]

  private mutating func createVirtualMFADevice(
    _ parameters: Parameters, as caller: Caller
  ) throws(Refusal) -> [XMLElement] {
    try parameters.allowIAM("VirtualMFADeviceName", "Path", tags: .some)
    let name = try parameters.name("VirtualMFADeviceName", upTo: 226)
    let serial = "arn:\(account.partition):iam::\(account.id):mfa\(try parameters.path())\(name)"
    try authorize(caller, to: "iam:CreateVirtualMFADevice", on: serial)
    guard account.device(serial) == nil else { throw .alreadyExists("MFADevice entity at the same path and name") }
    var device = VirtualMFADevice(serial: serial, seed: RandomText.letters(64, of: RandomText.base32))
    device.tags = try parameters.tags()
    account.unassignedMFADevices.append(device)
    return [
      XMLElement(
        "VirtualMFADevice",
        [
          XMLElement("SerialNumber", serial),
          XMLElement("Base32StringSeed", Data(device.seed.utf8).base64EncodedString()),
          XMLElement("QRCodePNG", Self.pixel),
        ])
    ]
  }

  private mutating func enableMFADevice(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allowIAM("UserName", "SerialNumber", "AuthenticationCode1", "AuthenticationCode2")
    _ = try parameters.name("UserName", upTo: 128)
    let user = try target(of: parameters, for: .enableMFADevice, as: caller)
    let serial = try parameters.serial()
    let codes = try ConsecutiveCodes(parameters)
    guard let place = account.unassignedMFADevices.firstIndex(where: { $0.serial == serial }) else {
      throw account.device(serial) == nil ? .noSuchDevice(serial) : .alreadyExists("MFA device \(serial) of a user")
    }
    guard user.mfaDevices.count < Self.mostDevices else { throw .limitExceeded("MFADevicesPerUser", Self.mostDevices) }
    try self.codes.accept(codes, from: account.unassignedMFADevices[place], at: now)
    var device = account.unassignedMFADevices.remove(at: place)
    device.enabled = now
    account.update(user: user.name) { $0.mfaDevices.append(device) }
    return []
  }

  private mutating func deleteVirtualMFADevice(
    _ parameters: Parameters, as caller: Caller
  ) throws(Refusal) -> [XMLElement] {
    try parameters.allowIAM("SerialNumber")
    let serial = try parameters.serial()
    try authorize(caller, to: "iam:DeleteVirtualMFADevice", on: serial)
    guard account.device(serial) != nil else { throw .noSuchDevice(serial) }
    guard let place = account.unassignedMFADevices.firstIndex(where: { $0.serial == serial }) else {
      throw .deleteConflict("MFA VirtualDevice in use. Must deactivate first.")
    }
    account.unassignedMFADevices.remove(at: place)
    codes.forget(serial)
    return []
  }

  private static func place(of serial: String, in user: User) throws(Refusal) -> Int {
    guard let place = user.mfaDevices.firstIndex(where: { $0.serial == serial }) else { throw .noSuchDevice(serial) }
    return place
  }

  /// A PNG of one pixel in place of the QR code that AWS makes from the seed.
  private static let pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
}

// MARK: - Device lists

extension World {
  static let deviceListCalls: [Action: IAMCall] = [
    .listMFADevices: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName", pages: .some)
      let user = try world.target(of: parameters, for: .listMFADevices, as: caller)
      return try world.list("MFADevices", user.mfaDevices, parameters) { device in
        XMLElement(
          "member",
          [
            XMLElement("UserName", user.name), XMLElement("SerialNumber", device.serial),
            XMLElement("EnableDate", Timestamp.extended(device.enabled)),
          ])
      }
    },
    .listVirtualMFADevices: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("AssignmentStatus", pages: .some)
      try world.authorize(caller, to: "iam:ListVirtualMFADevices", on: "arn:aws:iam::\(world.account.id):mfa/")
      let free = world.account.unassignedMFADevices.map { ($0, User?.none) }
      let assigned = world.account.users.flatMap { user in user.mfaDevices.map { ($0, User?.some(user)) } }
      let wanted = try World.devices(parameters["AssignmentStatus"] ?? "Any", free: free, assigned: assigned)
      return try world.list("VirtualMFADevices", wanted, parameters) { device, user in
        let date = user.map { _ in [XMLElement("EnableDate", Timestamp.extended(device.enabled))] } ?? []
        let owner = user.map { [world.element($0)] } ?? []
        return XMLElement("member", [XMLElement("SerialNumber", device.serial)] + date + owner)
      }
    },
  ]

  private static func devices<Device>(
    _ status: String, free: [Device], assigned: [Device]
  ) throws(Refusal) -> [Device] {
    switch status {
    case "Any": assigned + free
    case "Assigned": assigned
    case "Unassigned": free
    default:
      throw .constraint(status, at: "assignmentStatus", "satisfy enum value set: [Assigned, Unassigned, Any]")
    }
  }
}
