extension World {
  /// The user a call is about: the named one, or the signer's own.
  func user(named name: String?, as caller: Caller) throws(Refusal) -> User {
    guard let name else { return try ownUser(of: caller) }
    guard let user = account[user: name] else { throw .noSuchUser(name) }
    return user
  }

  private func ownUser(of caller: Caller) throws(Refusal) -> User {
    switch caller.identity {
    case .role, .federated: throw .validation("Must specify userName when calling with non-User credentials")
    case .user(let name): return try user(named: name, as: caller)
    }
  }

  /// The user a call is about, after checking that the caller may make it.
  func target(of parameters: Parameters, for action: Action, as caller: Caller) throws(Refusal) -> User {
    let user = try user(named: parameters["UserName"], as: caller)
    try authorize(caller, to: "iam:" + action.rawValue, on: account.arn(of: user))
    return user
  }

  func namedRole(of parameters: Parameters, for action: Action, as caller: Caller) throws(Refusal) -> Role {
    let name = try parameters.name("RoleName", upTo: 64)
    try authorize(caller, to: "iam:" + action.rawValue, on: account[roleNamed: name]?.arn ?? account.roleARN(name))
    guard let role = account[roleNamed: name] else { throw .noSuchRole(name) }
    return role
  }

  /// A page of a list, with the marker of the next.
  func list<Item>(
    _ name: String, _ items: [Item], _ parameters: Parameters, element: (Item) -> XMLElement
  ) throws(Refusal) -> [XMLElement] {
    let size = try parameters.integer("MaxItems", in: 1...1000, default: 100)
    let page = try Page(items, size: min(size, account.iamPageSize), after: parameters["Marker"])
    let end = XMLElement("IsTruncated", String(page.next != nil))
    return [XMLElement(name, page.items.map(element)), end] + (page.next.map { [XMLElement("Marker", $0)] } ?? [])
  }

  func tagList(_ tags: [String: String], _ parameters: Parameters) throws(Refusal) -> [XMLElement] {
    try list("Tags", tags.sorted { $0.key < $1.key }, parameters) { key, value in
      XMLElement("member", [XMLElement("Key", key), XMLElement("Value", value)])
    }
  }

  func element(_ user: User, named name: String = "User") -> XMLElement {
    XMLElement(
      name,
      [
        XMLElement("Path", user.path), XMLElement("UserName", user.name),
        XMLElement("UserId", account.uniqueID(of: .user(name: user.name))),
        XMLElement("Arn", account.arn(of: user)), XMLElement("CreateDate", Timestamp.extended(user.created)),
      ])
  }

  func element(_ role: Role, named name: String = "Role") -> XMLElement {
    XMLElement(
      name,
      [
        XMLElement("Path", role.path), XMLElement("RoleName", role.name),
        XMLElement("RoleId", String(account.uniqueID(of: .role(arn: role.arn, sessionName: "")).dropLast())),
        XMLElement("Arn", role.arn), XMLElement("CreateDate", Timestamp.extended(role.created)),
        XMLElement("MaxSessionDuration", String(role.maxSessionDuration)),
      ])
  }
}

// MARK: - Users

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

// MARK: - Roles

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

  /// IAM accepts only principals that it sees.
  private func checkPrincipals(of trust: PolicyDocument) throws(Refusal) {
    let users = account.users.filter { isVisible($0.visibility) }.map { account.arn(of: $0) }
    let known = Set(users + account.roles.map(\.arn) + [account.rootARN, account.id, "*"])
    for principal in trust.statements.flatMap(\.principals) where !known.contains(principal) {
      throw .malformedPolicy("Invalid principal in policy: \"AWS\":\"\(principal)\"")
    }
  }
}

// MARK: - Policies

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

  /// The user whose policy a call is about, who has to be named.
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

// MARK: - Tags

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

// MARK: - IAM

/// The limits of IAM's API model.
extension Parameters {
  private static let standard: Set = ["Action", "Version"]

  /// Refuses parameters other than these and those of paging.
  func allowIAM(_ names: String..., tags: TagRule = .none, pages: PageRule = .none) throws(Refusal) {
    let tagNames = values.keys.filter { $0.hasPrefix("Tags.member.") }
    try allow(
      Self.standard.union(names).union(tags == .some ? tagNames : []).union(
        pages == .some ? ["MaxItems", "Marker"] : []))
  }

  enum TagRule { case none, some }
  enum PageRule { case none, some }

  func name(_ parameter: String, upTo most: Int) throws(Refusal) -> String {
    try required(text(parameter, 1...most, others: "+=,.@-"), parameter)
  }

  func serial() throws(Refusal) -> String {
    try required(text("SerialNumber", 9...256, others: "+=/:,.@-"), "SerialNumber")
  }

  func keyID() throws(Refusal) -> String {
    try required(text("AccessKeyId", 16...128, others: ""), "AccessKeyId")
  }

  /// `/` if none is given.
  func path() throws(Refusal) -> String {
    let path = self["Path"] ?? "/"
    guard path.hasPrefix("/"), path.hasSuffix("/"), (1...512).contains(path.utf8.count) else {
      throw .validation(
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."
      )
    }
    return path
  }

  func tags() throws(Refusal) -> [String: String] {
    var tags: [String: String] = [:]
    var number = 1
    while let key = self["Tags.member.\(number).Key"] {
      guard (1...128).contains(key.count), let value = self["Tags.member.\(number).Value"], value.count <= 256 else {
        throw .constraint(key, at: "tags.\(number).member.key", "have length between 1 and 128, and a value")
      }
      tags[key] = value
      number += 1
    }
    guard values.keys.count(where: { $0.hasPrefix("Tags.member.") }) == tags.count * 2 else {
      throw .validation("The tags are not numbered from 1, or repeated.")
    }
    return tags
  }
}
