package import AWSValues
package import FoundationEssentials
package import Secrets

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

// MARK: - IAM

extension Answer {
  /// The one element of that name right in the result.
  func result(_ name: String) throws(AWSError) -> Place { try element("\(call)Result/\(name)") }

  /// The members of a list in the result.
  func members(of list: String) -> [Place] { elements("\(call)Result/\(list)/member") }

  /// Where the next page begins; nil on the last.
  func nextMarker() throws(AWSError) -> String? {
    guard try optionalText("\(call)Result/IsTruncated") == "true" else { return nil }
    return try text("\(call)Result/Marker")
  }

  func tags() throws(AWSError) -> [Tag] {
    var tags: [Tag] = []
    for place in members(of: "Tags") {
      tags.append(Tag(key: try text("Key", in: place), value: try optionalText("Value", in: place) ?? ""))
    }
    return tags
  }

  func policyNames() throws(AWSError) -> [PolicyName] {
    var names: [PolicyName] = []
    for place in members(of: "PolicyNames") {
      guard let name = PolicyName(document.text(at: place)) else { throw malformed("PolicyNames") }
      names.append(name)
    }
    return names
  }
}

// MARK: - IAM

/// Identity and Access Management: users, their keys, MFA devices and policies, and roles.
///
/// What creates something or carries codes is sent once: after `.http` it may have been done, and a list tells. All
/// else is repeated where that may help; so a deletion may find that it was done before, with `noSuchEntity`. What was
/// made or changed can take some seconds to be seen everywhere.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/
package struct IAM {
  private let client: AWSClient

  package init(_ client: AWSClient) {
    self.client = client
  }

  /// The form of a call, with those parameters that have a value.
  func form(_ action: String, _ parameters: KeyValuePairs<String, String?> = [:]) -> FormBody {
    var form = FormBody(action: action, version: IAM.version)
    for (name, value) in parameters { form.append(name, value) }
    return form
  }

  func answer(
    to action: String, _ form: consuming FormBody, _ repetition: RetrySafety = .allowed,
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> Answer {
    try client.answer(to: SignedCall(.iam, action, form, repetition), signedBy: credentials)
  }

  /// What all pages of a list hold, each read by `read`.
  func all<Item>(
    _ action: String, _ parameters: KeyValuePairs<String, String?> = [:], signedBy credentials: borrowing Credentials,
    read: (borrowing Answer) throws(AWSError) -> [Item]
  ) throws(AWSError) -> [Item] {
    var items: [Item] = []
    var pages = Pages(call: action, limit: IAM.pageLimit)
    repeat {
      var form = form(action, parameters)
      form.append("Marker", pages.marker)
      let answer = try answer(to: action, form, signedBy: credentials)
      items += try read(answer)
      try pages.turn(to: answer.nextMarker())
    } while pages.marker != nil
    return items
  }

  private static let version = "2010-05-08"
  // IAM may give short pages, and an account can have 5000 users and 5000 roles.
  private static let pageLimit = 1000
}

// MARK: - Policies

/// Policies that live inside a user or a role and end with it.
extension IAM {
  /// Adds the policy, or puts it in the place of the one of that name.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
  package func putPolicy(
    _ document: PolicyDocument, named policy: PolicyName, ofUser name: UserName,
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form(
      "PutUserPolicy", ["UserName": name.text, "PolicyName": policy.text, "PolicyDocument": document.json])
    _ = try answer(to: "PutUserPolicy", form, signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html
  package func deletePolicy(
    _ policy: PolicyName, ofUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form("DeleteUserPolicy", ["UserName": name.text, "PolicyName": policy.text])
    _ = try answer(to: "DeleteUserPolicy", form, signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html
  package func policies(
    ofUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [PolicyName] {
    try all("ListUserPolicies", ["UserName": name.text], signedBy: credentials) { answer throws(AWSError) in
      try answer.policyNames()
    }
  }

  /// Adds the policy, or puts it in the place of the one of that name.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
  package func putPolicy(
    _ document: PolicyDocument, named policy: PolicyName, ofRole name: RoleName,
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form(
      "PutRolePolicy", ["RoleName": name.text, "PolicyName": policy.text, "PolicyDocument": document.json])
    _ = try answer(to: "PutRolePolicy", form, signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html
  package func deletePolicy(
    _ policy: PolicyName, ofRole name: RoleName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form("DeleteRolePolicy", ["RoleName": name.text, "PolicyName": policy.text])
    _ = try answer(to: "DeleteRolePolicy", form, signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
  package func policies(
    ofRole name: RoleName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [PolicyName] {
    try all("ListRolePolicies", ["RoleName": name.text], signedBy: credentials) { answer throws(AWSError) in
      try answer.policyNames()
    }
  }
}

// MARK: - Roles

extension IAM {
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
  package func role(
    named name: RoleName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> RoleDescription {
    let answer = try answer(to: "GetRole", form("GetRole", ["RoleName": name.text]), signedBy: credentials)
    return try answer.role(in: answer.result("Role"))
  }

  /// Throws `malformedPolicy` also where IAM does not see yet a user who was made just now and whom `trust` names.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  package func createRole(
    _ name: RoleName, trusting trust: PolicyDocument, path: ResourcePath = .root, tags: [Tag] = [],
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> RoleDescription {
    var form = form(
      "CreateRole", ["RoleName": name.text, "Path": path.text, "AssumeRolePolicyDocument": trust.json])
    form.append(tags)
    let answer = try answer(to: "CreateRole", form, .createsSomething, signedBy: credentials)
    return try answer.role(in: answer.result("Role"))
  }

  /// Throws `deleteConflict` while the role has policies.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
  package func deleteRole(_ name: RoleName, signedBy credentials: borrowing Credentials) throws(AWSError) {
    _ = try answer(to: "DeleteRole", form("DeleteRole", ["RoleName": name.text]), signedBy: credentials)
  }

  /// The account's roles whose path begins with `path`.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
  package func roles(
    under path: ResourcePath = .root, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [RoleDescription] {
    try all("ListRoles", ["PathPrefix": path.text], signedBy: credentials) { answer throws(AWSError) in
      try answer.roles()
    }
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html
  package func tags(
    ofRole name: RoleName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [Tag] {
    try all("ListRoleTags", ["RoleName": name.text], signedBy: credentials) { answer throws(AWSError) in
      try answer.tags()
    }
  }
}

// MARK: - Users

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

/// An IAM role as IAM lists it.
package struct RoleDescription: Equatable, Sendable {
  package let name: RoleName
  package let arn: RoleARN
  package let creationDate: Date?
}

/// A tag of a user, role or MFA device.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
package struct Tag: Equatable, Sendable {
  package let key: String
  package let value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// An IAM user, or the root user of an account.
package struct User: Equatable, Sendable {
  /// Nil for the root user.
  package let name: UserName?
  package let path: String
  package let arn: String
  package let id: String
  package let creationDate: Date?
}
