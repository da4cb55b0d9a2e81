extension World {
  static let tagCalls: [Action: IAMCall] = [
    .tagUser: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName", tags: .some)
      _ = try parameters.name("UserName", upTo: 128)
      let user = try world.target(of: parameters, for: .tagUser, as: caller)
      let tags = try parameters.tags()
      world.account.update(user: user.name) { $0.tags.merge(tags) { _, new in new } }
      return []
    },
    .listUserTags: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName", pages: .some)
      _ = try parameters.name("UserName", upTo: 128)
      return try world.tagList(world.target(of: parameters, for: .listUserTags, as: caller).tags, parameters)
    },
    .listRoleTags: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("RoleName", pages: .some)
      return try world.tagList(world.namedRole(of: parameters, for: .listRoleTags, as: caller).tags, parameters)
    },
    .listMFADeviceTags: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("SerialNumber", pages: .some)
      let serial = try parameters.serial()
      try world.authorize(caller, to: "iam:ListMFADeviceTags", on: serial)
      guard let device = world.account.device(serial) else { throw .noSuchDevice(serial) }
      return try world.tagList(device.tags, parameters)
    },
  ]
}
