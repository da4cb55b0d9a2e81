package import AWSValues
package import Secrets

extension IAM {
  /// The user named, or the one whose key signs.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
  package func user(
    named name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> User {
    let answer = try answer(to: "GetUser", form("GetUser", ["UserName": name?.text]), signedBy: credentials)
    return try answer.user(in: answer.result("User"))
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
  package func createUser(
    _ name: UserName, path: ResourcePath = .root, tags: [Tag] = [], signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> User {
    var form = form("CreateUser", ["UserName": name.text, "Path": path.text])
    form.append(tags)
    let answer = try answer(to: "CreateUser", form, .createsSomething, signedBy: credentials)
    return try answer.user(in: answer.result("User"))
  }

  /// Throws `deleteConflict` while the user has keys, devices or policies.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
  package func deleteUser(_ name: UserName, signedBy credentials: borrowing Credentials) throws(AWSError) {
    _ = try answer(to: "DeleteUser", form("DeleteUser", ["UserName": name.text]), signedBy: credentials)
  }

  /// The account's users whose path begins with `path`.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
  package func users(
    under path: ResourcePath = .root, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [User] {
    try all("ListUsers", ["PathPrefix": path.text], signedBy: credentials) { answer throws(AWSError) in
      try answer.users()
    }
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html
  package func tagUser(
    _ name: UserName, with tags: [Tag], signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    var form = form("TagUser", ["UserName": name.text])
    form.append(tags)
    _ = try answer(to: "TagUser", form, signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html
  package func tags(
    ofUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [Tag] {
    try all("ListUserTags", ["UserName": name.text], signedBy: credentials) { answer throws(AWSError) in
      try answer.tags()
    }
  }
}
