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
    case _:
      throw .constraint(status, at: "assignmentStatus", "satisfy enum value set: [Assigned, Unassigned, Any]")
    }
  }
}
