package import AWSValues
package import Secrets

/// Identity and Access Management: users, their keys, MFA devices and policies, and roles.
///
/// What creates something or carries codes is sent once: after `.http` it may have been done, and a list tells. All
/// else is repeated if that may help; so a deletion may find that it was done before, with `noSuchEntity`. What was
/// made or changed can take some seconds to be seen everywhere.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/
package struct IAM {
  private let client: AWSClient

  package init(_ client: AWSClient) {
    self.client = client
  }

  /// AWS's response to a call with those parameters that have a value.
  @discardableResult
  func call(
    _ action: String, _ parameters: KeyValuePairs<String, String?> = [:], tags: [Tag] = [],
    _ retrySafety: RetrySafety = .idempotent, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> AWSResponse {
    var form = Self.form(action, parameters)
    form.append(tags: tags.map { ($0.key, $0.value) })
    return try call(form, retrySafety, signedBy: credentials)
  }

  @discardableResult
  func call(
    _ form: consuming FormBody, _ retrySafety: RetrySafety, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> AWSResponse {
    try client.response(to: AWSCall(.iam, form, retrySafety), signedBy: credentials)
  }

  /// The members of a list on all its pages.
  func list<Item: IAMListItem>(
    _ action: String, _ parameters: KeyValuePairs<String, String?> = [:], of members: String,
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [Item] {
    try client.list(signedBy: credentials) { marker in
      var form = Self.form(action, parameters)
      form.append("Marker", marker)
      return AWSCall(.iam, form)
    } read: { page throws(AWSError) in
      let places = page.elements("\(page.call)Result/\(members)/member")
      let items = try places.map { place throws(AWSError) in try Item(place, of: page) }
      return (items, try page.nextMarker())
    }
  }

  static func form(_ action: String, _ parameters: KeyValuePairs<String, String?>) -> FormBody {
    var form = FormBody(action: action, version: "2010-05-08")
    for (name, value) in parameters { form.append(name, value) }
    return form
  }
}

/// What is read from an element of IAM's answers.
protocol IAMListItem {
  init(_ place: AWSResponse.Place, of response: borrowing AWSResponse) throws(AWSError)
}

extension IAM {
  /// Makes a call that deletes something, or changes it before it is deleted. It is no error if it is gone already.
  package static func ignoringAbsence(_ call: () throws(AWSError) -> Void) throws(AWSError) {
    do throws(AWSError) {
      try call()
    } catch {
      guard error.means(.iam(.noSuchEntity)) else { throw error }
    }
  }
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

extension Tag: IAMListItem {
  init(_ place: AWSResponse.Place, of response: borrowing AWSResponse) throws(AWSError) {
    self.init(key: try response.text("Key", in: place), value: try response.optionalText("Value", in: place) ?? "")
  }
}

extension AWSResponse {
  /// Where the next page begins; nil on the last.
  fileprivate func nextMarker() throws(AWSError) -> String? {
    guard try optionalText("\(call)Result/IsTruncated") == "true" else { return nil }
    return try text("\(call)Result/Marker")
  }
}

// MARK: - Users

extension IAM {
  /// The user named, or the one whose key signs.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
  package func user(
    named name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> User {
    let response = try call("GetUser", ["UserName": name?.text], signedBy: credentials)
    return try User(response.result("User"), of: response)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
  package func createUser(
    _ name: UserName, tags: [Tag] = [], signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> User {
    let response = try call("CreateUser", ["UserName": name.text], tags: tags, .once, signedBy: credentials)
    return try User(response.result("User"), of: response)
  }

  /// Throws `deleteConflict` while the user has keys, devices or policies.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
  package func deleteUser(_ name: UserName, signedBy credentials: borrowing Credentials) throws(AWSError) {
    try call("DeleteUser", ["UserName": name.text], signedBy: credentials)
  }

  /// The account's users.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
  package func users(signedBy credentials: borrowing Credentials) throws(AWSError) -> [User] {
    try list("ListUsers", of: "Users", signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html
  package func tags(
    ofUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [Tag] {
    try list("ListUserTags", ["UserName": name.text], of: "Tags", signedBy: credentials)
  }
}

/// An IAM user, or the root user of an account.
package struct User: Equatable, Sendable {
  /// Nil for the root user.
  package let name: UserName?
  package let arn: String
}

extension User: IAMListItem {
  init(_ place: AWSResponse.Place, of response: borrowing AWSResponse) throws(AWSError) {
    let isRoot = try response.optionalText("UserName", in: place) == nil
    name = isRoot ? nil : try response.value("UserName", in: place)
    arn = try response.text("Arn", in: place)
  }
}

// MARK: - Roles

extension IAM {
  /// Throws `malformedPolicy` also while IAM does not see a user who was made just now and whom `trust` names.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  package func createRole(
    _ name: RoleName, trusting trust: PolicyDocument, tags: [Tag] = [], signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> RoleDescription {
    let response = try call(
      "CreateRole", ["RoleName": name.text, "AssumeRolePolicyDocument": trust.json], tags: tags, .once,
      signedBy: credentials)
    return try RoleDescription(response.result("Role"), of: response)
  }

  /// Throws `deleteConflict` while the role has policies.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
  package func deleteRole(_ name: RoleName, signedBy credentials: borrowing Credentials) throws(AWSError) {
    try call("DeleteRole", ["RoleName": name.text], signedBy: credentials)
  }

  /// The account's roles.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
  package func roles(signedBy credentials: borrowing Credentials) throws(AWSError) -> [RoleDescription] {
    try list("ListRoles", of: "Roles", signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html
  package func tags(
    ofRole name: RoleName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [Tag] {
    try list("ListRoleTags", ["RoleName": name.text], of: "Tags", signedBy: credentials)
  }
}

/// An IAM role as IAM lists it.
package struct RoleDescription: Equatable, Sendable {
  package let name: RoleName
  package let arn: RoleARN
}

extension RoleDescription: IAMListItem {
  init(_ place: AWSResponse.Place, of response: borrowing AWSResponse) throws(AWSError) {
    name = try response.value("RoleName", in: place)
    arn = try response.value("Arn", in: place)
  }
}

// MARK: - Policies

/// Policies that live inside a user or a role and end with it.
extension IAM {
  /// Adds the policy, or replaces the one of that name.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
  package func putPolicy(
    _ document: PolicyDocument, named policy: PolicyName, ofUser name: UserName,
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call(
      "PutUserPolicy", ["UserName": name.text, "PolicyName": policy.text, "PolicyDocument": document.json],
      signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html
  package func deletePolicy(
    _ policy: PolicyName, ofUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call("DeleteUserPolicy", ["UserName": name.text, "PolicyName": policy.text], signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html
  package func policies(
    ofUser name: UserName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [PolicyName] {
    try list("ListUserPolicies", ["UserName": name.text], of: "PolicyNames", signedBy: credentials)
  }

  /// Adds the policy, or replaces the one of that name.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
  package func putPolicy(
    _ document: PolicyDocument, named policy: PolicyName, ofRole name: RoleName,
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call(
      "PutRolePolicy", ["RoleName": name.text, "PolicyName": policy.text, "PolicyDocument": document.json],
      signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html
  package func deletePolicy(
    _ policy: PolicyName, ofRole name: RoleName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call("DeleteRolePolicy", ["RoleName": name.text, "PolicyName": policy.text], signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
  package func policies(
    ofRole name: RoleName, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [PolicyName] {
    try list("ListRolePolicies", ["RoleName": name.text], of: "PolicyNames", signedBy: credentials)
  }
}

extension PolicyName: IAMListItem {
  init(_ place: AWSResponse.Place, of response: borrowing AWSResponse) throws(AWSError) {
    guard let name = PolicyName(try response.text(at: place, "PolicyNames")) else {
      throw response.malformed("PolicyNames")
    }
    self = name
  }
}

/// What a policy says, as IAM takes it: without white space.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
package struct PolicyDocument: Equatable, Sendable {
  package let json: String

  private init(allowing statement: String) {
    json = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",\#(statement)}]}"#
  }

  /// Lets a user or role list the account's buckets.
  package static let listingBuckets = PolicyDocument(allowing: #""Resource":"*","Action":"s3:ListAllMyBuckets""#)

  /// The same, only if MFA was proved.
  package static let listingBucketsWithMFA = PolicyDocument(
    allowing: #""Resource":"*","Action":"s3:ListAllMyBuckets",\#(withMFA)"#)

  /// Lets a user assume the role, if the role trusts it too.
  package static func assuming(_ role: RoleARN) -> PolicyDocument {
    PolicyDocument(allowing: #""Resource":\#(role.text.jsonString),"Action":"sts:AssumeRole""#)
  }

  /// A role's trust: the user may assume it, only if MFA was proved.
  package static func trustingWithMFA(_ user: UserARN) -> PolicyDocument {
    PolicyDocument(allowing: #""Principal":{"AWS":\#(user.text.jsonString)},"Action":"sts:AssumeRole",\#(withMFA)"#)
  }

  /// The credentials were got with an MFA code.
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
  private static let withMFA = #""Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#
}
