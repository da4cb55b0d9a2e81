extension World {
  static let policyCalls: [Action: IAMCall] = [
    .putUserPolicy: { world, parameters, caller throws(Refusal) in
      let user = try world.owner(of: parameters, "PolicyName", "PolicyDocument", for: .putUserPolicy, as: caller)
      let (name, policy) = try world.policy(parameters)
      world.account.update(user: user.name) { $0.policies[name] = policy }
      return []
    },
    .deleteUserPolicy: { world, parameters, caller throws(Refusal) in
      let user = try world.owner(of: parameters, "PolicyName", for: .deleteUserPolicy, as: caller)
      let name = try parameters.name("PolicyName", upTo: 128)
      guard user.policies[name] != nil else { throw .noSuchPolicy(name, of: "user") }
      world.account.update(user: user.name) { $0.policies[name] = nil }
      return []
    },
    .listUserPolicies: { world, parameters, caller throws(Refusal) in
      let user = try world.owner(of: parameters, "MaxItems", "Marker", for: .listUserPolicies, as: caller)
      return try world.policyNames(user.policies, parameters)
    },
    .putRolePolicy: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("RoleName", "PolicyName", "PolicyDocument")
      let role = try world.namedRole(of: parameters, for: .putRolePolicy, as: caller)
      let (name, policy) = try world.policy(parameters)
      world.account.update(role: role.name) { $0.policies[name] = policy }
      return []
    },
    .deleteRolePolicy: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("RoleName", "PolicyName")
      let role = try world.namedRole(of: parameters, for: .deleteRolePolicy, as: caller)
      let name = try parameters.name("PolicyName", upTo: 128)
      guard role.policies[name] != nil else { throw .noSuchPolicy(name, of: "role") }
      world.account.update(role: role.name) { $0.policies[name] = nil }
      return []
    },
    .listRolePolicies: { world, parameters, caller throws(Refusal) in
      try parameters.allowIAM("RoleName", pages: .some)
      return try world.policyNames(
        world.namedRole(of: parameters, for: .listRolePolicies, as: caller).policies, parameters)
    },
  ]

  /// The user whose policy a call is about, who must be named.
  private func owner(
    of parameters: Parameters, _ names: String..., for action: Action, as caller: Caller
  ) throws(Refusal) -> User {
    try parameters.allow(Set(names + ["Action", "Version", "UserName"]))
    _ = try parameters.name("UserName", upTo: 128)
    return try target(of: parameters, for: action, as: caller)
  }

  private func policy(_ parameters: Parameters) throws(Refusal) -> (name: String, InlinePolicy) {
    let text = try parameters.required(parameters["PolicyDocument"], "PolicyDocument")
    let policy = InlinePolicy(try PolicyDocument(text, as: .identity), visibility: nextVisibility)
    return (try parameters.name("PolicyName", upTo: 128), policy)
  }

  private func policyNames(
    _ policies: [String: InlinePolicy], _ parameters: Parameters
  ) throws(Refusal) -> [XMLElement] {
    try list("PolicyNames", policies.keys.sorted(), parameters) { XMLElement("member", $0) }
  }
}
