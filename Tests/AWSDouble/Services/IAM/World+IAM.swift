extension World {
  /// The user a call is about: the named one, or the signer's own.
  func user(named name: String?, as caller: Caller) throws(Refusal) -> User {
    guard let name else { return try ownUser(of: caller) }
    guard let user = account[user: name] else { throw .noSuchUser(name) }
    return user
  }

  private func ownUser(of caller: Caller) throws(Refusal) -> User {
    switch caller.identity {
    case .role: throw .validation("Must specify userName when calling with non-User credentials")
    case .user(let name): return try user(named: name, as: caller)
    }
  }

  /// The user a call is about, after it was seen that the caller may do that.
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

  /// A page of a list, with what tells that there are more.
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
