package import AWSValues
package import FoundationEssentials
package import Secrets

/// The long-term access keys of the user named, or of the one whose key signs.
extension IAM {
  /// A second key at most: `limitExceeded` if the user has two. Its secret is told this once, and the key may take
  /// some seconds to work.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
  package func createAccessKey(
    ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> NewAccessKey {
    try call("CreateAccessKey", ["UserName": name?.text], .once, signedBy: credentials).newAccessKey()
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
  package func accessKeys(
    ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> [AccessKeyDescription] {
    try list("ListAccessKeys", ["UserName": name?.text], of: "AccessKeyMetadata", signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
  package func updateAccessKey(
    _ id: AccessKeyID, ofUser name: UserName? = nil, to status: AccessKeyStatus,
    signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call(
      "UpdateAccessKey", ["UserName": name?.text, "AccessKeyId": id.text, "Status": status.rawValue],
      signedBy: credentials)
  }

  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html
  package func deleteAccessKey(
    _ id: AccessKeyID, ofUser name: UserName? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try call("DeleteAccessKey", ["UserName": name?.text, "AccessKeyId": id.text], signedBy: credentials)
  }

  /// When and where the key was used last; nil if it never was. AWS knows it some hours late.
  /// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
  package func lastUse(
    ofAccessKey id: AccessKeyID, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> AccessKeyUse? {
    try call("GetAccessKeyLastUsed", ["AccessKeyId": id.text], signedBy: credentials).accessKeyUse()
  }
}

/// A long-term access key as IAM lists it, without its secret.
package struct AccessKeyDescription: Equatable, Sendable {
  package let id: AccessKeyID
  package let status: AccessKeyStatus
  package let creationDate: Date?
}

/// Whether a key works.
package enum AccessKeyStatus: String, Sendable {
  case active = "Active"
  case inactive = "Inactive"
  case expired = "Expired"
}

/// The last use of an access key.
package struct AccessKeyUse: Equatable, Sendable {
  package let date: Date
  /// The service's name in its endpoint, such as `s3`.
  package let service: String
  package let region: String
}

/// An access key that was just created, with the secret that AWS tells once.
package struct NewAccessKey: ~Copyable, Sendable {
  package let id: AccessKeyID
  package let credentials: Credentials

  package consuming func takeCredentials() -> Credentials { credentials }
}

// MARK: - Responses

extension AWSResponse {
  fileprivate func newAccessKey() throws(AWSError) -> NewAccessKey {
    let place = try result("AccessKey")
    let id: AccessKeyID = try value("AccessKeyId", in: place)
    return NewAccessKey(
      id: id,
      credentials: Credentials(accessKeyID: id.text, secretAccessKey: try secret("SecretAccessKey", in: place)))
  }

  /// IAM writes `N/A` for service and region of a key that was never used, and leaves the date out.
  fileprivate func accessKeyUse() throws(AWSError) -> AccessKeyUse? {
    let place = try result("AccessKeyLastUsed")
    guard let date = try optionalDate("LastUsedDate", in: place) else { return nil }
    return AccessKeyUse(
      date: date, service: try text("ServiceName", in: place), region: try text("Region", in: place))
  }
}

extension AccessKeyDescription: IAMListItem {
  init(_ place: AWSResponse.Place, of response: borrowing AWSResponse) throws(AWSError) {
    guard let status = AccessKeyStatus(rawValue: try response.text("Status", in: place)) else {
      throw response.malformed("Status")
    }
    id = try response.value("AccessKeyId", in: place)
    self.status = status
    creationDate = try response.optionalDate("CreateDate", in: place)
  }
}
