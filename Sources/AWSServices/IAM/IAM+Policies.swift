package import AWSValues
package import Secrets

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
