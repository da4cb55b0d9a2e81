extension World {
  func getUser(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allow(["Action", "Version", "UserName"])
    let user = try user(named: parameters["UserName"], as: caller)
    try account.authorize(caller, to: "iam:GetUser", on: account.arn(of: user))
    return [
      XMLElement(
        "User",
        [
          XMLElement("Path", user.path),
          XMLElement("UserName", user.name),
          XMLElement("UserId", account.uniqueID(of: .user(name: user.name))),
          XMLElement("Arn", account.arn(of: user)),
          XMLElement("CreateDate", "2026-01-01T00:00:00Z"),
        ])
    ]
  }

  /// The user a call is about: the named one, or the signer's own.
  func user(named name: String?, as caller: Caller) throws(Refusal) -> User {
    guard let name else { return try ownUser(of: caller) }
    guard let user = account[user: name] else {
      throw .noSuchEntity("The user with name \(name) cannot be found.")
    }
    return user
  }

  private func ownUser(of caller: Caller) throws(Refusal) -> User {
    switch caller.identity {
    case .role: throw .validation("Must specify userName when calling with non-User credentials")
    case .user(let name): return try user(named: name, as: caller)
    }
  }
}
