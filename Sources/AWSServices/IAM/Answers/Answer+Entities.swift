internal import AWSValues

extension Answer {
  func user(in place: Place) throws(AWSError) -> User {
    // The root user has no name.
    let name: UserName? = try optionalText("UserName", in: place) == nil ? nil : value("UserName", in: place)
    return User(
      name: name, path: try optionalText("Path", in: place) ?? "/", arn: try text("Arn", in: place),
      id: try text("UserId", in: place), creationDate: try optionalDate("CreateDate", in: place))
  }

  func users() throws(AWSError) -> [User] {
    var users: [User] = []
    for place in members(of: "Users") { users.append(try user(in: place)) }
    return users
  }

  func roles() throws(AWSError) -> [RoleDescription] {
    var roles: [RoleDescription] = []
    for place in members(of: "Roles") { roles.append(try role(in: place)) }
    return roles
  }

  func role(in place: Place) throws(AWSError) -> RoleDescription {
    RoleDescription(
      name: try value("RoleName", in: place), arn: try value("Arn", in: place),
      creationDate: try optionalDate("CreateDate", in: place))
  }
}
