extension World {
  static let roleCalls: [Action: IAMCall] = [
    .createRole: { world, parameters, caller throws(Refusal) in try world.createRole(parameters, as: caller) },
    .getRole: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("RoleName")
      return [world.element(try world.namedRole(of: parameters, for: .getRole, as: caller))]
    },
    .deleteRole: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("RoleName")
      let role = try world.namedRole(of: parameters, for: .deleteRole, as: caller)
      guard role.policies.isEmpty else { throw .deleteConflict("Cannot delete entity, must delete policies first.") }
      world.account[role: role.arn] = nil
      return []
    },
    .listRoles: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("PathPrefix", pages: .some)
      try world.authorize(caller, to: "iam:ListRoles", on: "arn:aws:iam::\(world.account.id):role/")
      let roles = world.account.roles.filter { $0.path.hasPrefix(parameters["PathPrefix"] ?? "/") }
      return try world.list("Roles", roles.sorted { $0.name < $1.name }, parameters) {
        world.element($0, named: "member")
      }
    },
  ]

  private mutating func createRole(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allowIAM("RoleName", "Path", "AssumeRolePolicyDocument", "MaxSessionDuration", tags: .some)
    let (name, path) = (try parameters.name("RoleName", upTo: 64), try parameters.path())
    var role = Role(arn: "arn:\(account.partition):iam::\(account.id):role\(path)\(name)", trusts: [])
    try authorize(caller, to: "iam:CreateRole", on: role.arn)
    let text = try parameters.required(parameters["AssumeRolePolicyDocument"], "AssumeRolePolicyDocument")
    let trust = try PolicyDocument(text, as: .trust)
    try checkPrincipals(of: trust)
    guard account[roleNamed: name] == nil else { throw .alreadyExists("Role with name \(name)") }
    role.maxSessionDuration = try parameters.integer("MaxSessionDuration", in: 3600...43_200, default: 3600)
    (role.trustPolicy, role.tags) = (trust, try parameters.tags())
    (role.created, role.visibility) = (now, nextVisibility)
    account.roles.append(role)
    return [element(role)]
  }

  /// IAM takes only principals that it sees.
  private func checkPrincipals(of trust: PolicyDocument) throws(Refusal) {
    let users = account.users.filter { isVisible($0.visibility) }.map { account.arn(of: $0) }
    let known = Set(users + account.roles.map(\.arn) + [account.rootARN, account.id, "*"])
    for principal in trust.statements.flatMap(\.principals) where !known.contains(principal) {
      throw .malformedPolicy("Invalid principal in policy: \"AWS\":\"\(principal)\"")
    }
  }
}
