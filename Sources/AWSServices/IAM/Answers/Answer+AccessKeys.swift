internal import AWSValues
internal import Secrets

extension Answer {
  func newAccessKey() throws(AWSError) -> NewAccessKey {
    let place = try result("AccessKey")
    let id: AccessKeyID = try value("AccessKeyId", in: place)
    let userName: UserName = try value("UserName", in: place)
    return NewAccessKey(
      id: id, userName: userName,
      credentials: Credentials(accessKeyID: id.text, secretAccessKey: try secret("SecretAccessKey", in: place)))
  }

  func accessKeys() throws(AWSError) -> [AccessKeyDescription] {
    var keys: [AccessKeyDescription] = []
    for place in members(of: "AccessKeyMetadata") {
      guard let status = AccessKeyStatus(rawValue: try text("Status", in: place)) else { throw malformed("Status") }
      keys.append(
        AccessKeyDescription(
          id: try value("AccessKeyId", in: place), status: status,
          creationDate: try optionalDate("CreateDate", in: place)))
    }
    return keys
  }

  /// IAM writes `N/A` for service and region of a key that was never used, and leaves the date out.
  func accessKeyUse() throws(AWSError) -> AccessKeyUse? {
    let place = try result("AccessKeyLastUsed")
    guard let date = try optionalDate("LastUsedDate", in: place) else { return nil }
    return AccessKeyUse(
      date: date, service: try text("ServiceName", in: place), region: try text("Region", in: place))
  }
}
