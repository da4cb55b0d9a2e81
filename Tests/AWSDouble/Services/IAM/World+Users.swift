extension World {
  static let userCalls: [Action: IAMCall] = [
    .getUser: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName")
      return [world.element(try world.target(of: parameters, for: .getUser, as: caller))]
    },
    .createUser: { world, parameters, caller throws(Refusal) in try world.createUser(parameters, as: caller) },
    .deleteUser: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("UserName")
      _ = try parameters.name("UserName", upTo: 128)
      let user = try world.target(of: parameters, for: .deleteUser, as: caller)
      guard user.keys.isEmpty else { throw .deleteConflict("Cannot delete entity, must delete access keys first.") }
      guard user.mfaDevices.isEmpty else {
        throw .deleteConflict("Cannot delete entity, must delete MFA device first.")
      }
      guard user.policies.isEmpty else { throw .deleteConflict("Cannot delete entity, must delete policies first.") }
      world.account[user: user.name] = nil
      return []
    },
    .listUsers: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("PathPrefix", pages: .some)
      try world.authorize(caller, to: "iam:ListUsers", on: "arn:aws:iam::\(world.account.id):user/")
      let users = world.account.users.filter { $0.path.hasPrefix(parameters["PathPrefix"] ?? "/") }
      return try world.list("Users", users.sorted { $0.name < $1.name }, parameters) {
        world.element($0, named: "member")
      }
    },
  ]

  private mutating func createUser(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allowIAM("UserName", "Path", tags: .some)
    var user = User(try parameters.name("UserName", upTo: 64), path: try parameters.path())
    try authorize(caller, to: "iam:CreateUser", on: account.arn(of: user))
    guard !account.users.contains(where: { $0.name.lowercased() == user.name.lowercased() }) else {
      throw .alreadyExists("User with name \(user.name)")
    }
    user.tags = try parameters.tags()
    (user.isGovernedByPolicies, user.created, user.visibility) = (true, now, nextVisibility)
    account.users.append(user)
    return [element(user)]
  }
}
