package import AWSValues
package import Secrets

/// The long-term access keys of the user named, or of the one whose key signs.
extension IAM {
  /// A second key at most: `limitExceeded` where the user has two. Its secret is told this once, and the key may take
  /// some seconds to work.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
  package func createAccessKey(
    ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> NewAccessKey {
    let form = form("CreateAccessKey", ["UserName": name?.text])
    return try answer(to: "CreateAccessKey", form, .createsSomething, signedBy: credentials).newAccessKey()
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
  package func accessKeys(
    ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [AccessKeyDescription] {
    try all("ListAccessKeys", ["UserName": name?.text], signedBy: credentials) { answer throws(AWSError) in
      try answer.accessKeys()
    }
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
  package func updateAccessKey(
    _ id: AccessKeyID, ofUser name: UserName? = nil, to status: AccessKeyStatus,
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form(
      "UpdateAccessKey", ["UserName": name?.text, "AccessKeyId": id.text, "Status": status.rawValue])
    _ = try answer(to: "UpdateAccessKey", form, signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html
  package func deleteAccessKey(
    _ id: AccessKeyID, ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    let form = form("DeleteAccessKey", ["UserName": name?.text, "AccessKeyId": id.text])
    _ = try answer(to: "DeleteAccessKey", form, signedBy: credentials)
  }

  /// When and where the key was used last; nil where it never was. AWS knows it some hours late.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
  package func lastUse(
    ofAccessKey id: AccessKeyID, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> AccessKeyUse? {
    let form = form("GetAccessKeyLastUsed", ["AccessKeyId": id.text])
    return try answer(to: "GetAccessKeyLastUsed", form, signedBy: credentials).accessKeyUse()
  }
}
