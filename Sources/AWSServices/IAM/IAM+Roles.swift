package import AWSValues
package import Secrets

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
