extension World {
  private static let mostKeys = 2

  static let keyCalls: [Action: IAMCall] = [
    .createAccessKey: { world, parameters, caller throws(Refusal) in
      try world.createAccessKey(parameters, as: caller)
    },
    .listAccessKeys: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName", pages: .some)
      let user = try world.target(of: parameters, for: .listAccessKeys, as: caller)
      return try world.list("AccessKeyMetadata", user.keys, parameters) { key in
        XMLElement("member", World.facts(of: key, of: user))
      }
    },
    .updateAccessKey: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName", "AccessKeyId", "Status")
      let user = try world.target(of: parameters, for: .updateAccessKey, as: caller)
      guard let status = parameters["Status"], ["Active", "Inactive"].contains(status) else {
        throw .constraint(parameters["Status"] ?? "", at: "status", "satisfy enum value set: [Active, Inactive]")
      }
      let place = try World.place(of: parameters.keyID(), in: user)
      world.account.update(user: user.name) { $0.keys[place].isActive = status == "Active" }
      return []
    },
    .deleteAccessKey: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName", "AccessKeyId")
      let user = try world.target(of: parameters, for: .deleteAccessKey, as: caller)
      let place = try World.place(of: parameters.keyID(), in: user)
      world.account.update(user: user.name) { $0.keys.remove(at: place) }
      return []
    },
    .getAccessKeyLastUsed: { world, parameters, caller throws(Refusal) in
      try world.getAccessKeyLastUsed(parameters, as: caller)
    },
  ]

  private mutating func createAccessKey(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allowIAM("UserName")
    let user = try target(of: parameters, for: .createAccessKey, as: caller)
    guard user.keys.count < Self.mostKeys else { throw .limitExceeded("AccessKeysPerUser", Self.mostKeys) }
    var key = AccessKey.random()
    (key.created, key.visibility) = (now, nextVisibility)
    account.update(user: user.name) { $0.keys.append(key) }
    return [XMLElement("AccessKey", Self.facts(of: key, of: user) + [XMLElement("SecretAccessKey", key.secret)])]
  }

  private func getAccessKeyLastUsed(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allowIAM("AccessKeyId")
    let id = try parameters.keyID()
    guard let (user, key) = account.owner(ofKey: id) else {
      throw .accessDenied(
        "User: \(account.arn(of: caller.identity) ?? "") is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key \(id)"
      )
    }
    try authorize(caller, to: "iam:GetAccessKeyLastUsed", on: account.arn(of: user))
    let date = key.lastUse.map { [XMLElement("LastUsedDate", Timestamp.extended($0.date))] } ?? []
    let use = [
      XMLElement("ServiceName", key.lastUse?.service.rawValue ?? "N/A"),
      XMLElement("Region", key.lastUse?.region ?? "N/A"),
    ]
    return [XMLElement("UserName", user.name), XMLElement("AccessKeyLastUsed", date + use)]
  }

  private static func place(of id: String, in user: User) throws(Refusal) -> Int {
    guard let place = user.keys.firstIndex(where: { $0.id == id }) else { throw .noSuchKey(id) }
    return place
  }

  private static func facts(of key: AccessKey, of user: User) -> [XMLElement] {
    [
      XMLElement("UserName", user.name), XMLElement("AccessKeyId", key.id),
      XMLElement("Status", key.isActive ? "Active" : "Inactive"),
      XMLElement("CreateDate", Timestamp.extended(key.created)),
    ]
  }
}
