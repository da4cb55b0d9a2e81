internal import AWSValues
internal import FoundationEssentials
internal import Secrets

extension Answer {
  /// Temporary credentials that can be used at `time`. When they expire is told by our clock, as is what reads it.
  func credentials(_ path: String, at time: ServiceTime) throws(AWSError) -> Credentials {
    let place = try element(path)
    let accessKeyID: AccessKeyID = try value("AccessKeyId", in: place)
    let expiration = try date("Expiration", in: place)
    guard expiration > time.now, expiration <= time.now.addingTimeInterval(Answer.longestSession) else {
      throw malformed("Expiration")
    }
    return Credentials(
      accessKeyID: accessKeyID.text, secretAccessKey: try secret("SecretAccessKey", in: place),
      sessionToken: try secret("SessionToken", in: place),
      expiration: expiration.addingTimeInterval(-time.offset))
  }

  /// The session, which must be of the role and name asked for.
  func assumedRole(_ request: AssumeRoleRequest, at time: ServiceTime) throws(AWSError) -> AssumedRole {
    let arn = try text("AssumeRoleResult/AssumedRoleUser/Arn")
    guard arn == request.assumedRoleARN else { throw .otherRole(asked: request.role.text, received: arn) }
    return AssumedRole(credentials: try credentials("AssumeRoleResult/Credentials", at: time), arn: arn)
  }

  func callerIdentity() throws(AWSError) -> CallerIdentity {
    let place = try element("GetCallerIdentityResult")
    let account = try text("Account", in: place)
    guard account.utf8.count == 12, account.utf8.allSatisfy(\.isDigit) else { throw malformed("Account") }
    let arn = try text("Arn", in: place)
    guard arn.hasPrefix("arn:"), arn.contains(":\(account):") else { throw malformed("Arn") }
    return CallerIdentity(account: account, arn: arn, userID: try text("UserId", in: place))
  }

  /// The 36 hours GetSessionToken may give, and an hour for a clock that is off without AWS minding.
  private static let longestSession: TimeInterval = 129_600 + 3600
}

extension AssumeRoleRequest {
  /// The ARN of the session; a role's path is not part of it.
  fileprivate var assumedRoleARN: String {
    "arn:\(role.partition):sts::\(role.account):assumed-role/\(role.name)/\(sessionName.text)"
  }
}
