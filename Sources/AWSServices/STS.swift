package import AWSValues
internal import FoundationEssentials
package import Secrets

/// The Security Token Service: sessions, and who one is.
/// https://docs.aws.amazon.com/STS/latest/APIReference/
package struct STS {
  let client: AWSClient

  package init(_ client: AWSClient) {
    self.client = client
  }

  static let version = "2011-06-15"

  /// A session of the IAM user whose long-term key signs, 900 to 129600 seconds long. The code is spent.
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
  package func sessionToken(
    duration: SessionDuration, mfa: consuming MFACode? = nil, signedBy key: borrowing Credentials
  ) throws(AWSError) -> Credentials {
    guard !key.sessionToken.exists else { throw .invalidRequest(.sessionTokenNeedsLongTermKey) }
    try duration.check(within: 900...129_600)
    var body = FormBody(action: "GetSessionToken", version: STS.version)
    body.append("DurationSeconds", String(duration.seconds))
    let repetition = body.append(mfa)
    let call = SignedCall(.sts, "GetSessionToken", body, repetition)
    return try client.answer(to: call, signedBy: key).credentials("GetSessionTokenResult/Credentials", at: client.time)
  }

  /// A session of the role, 900 to 43200 seconds long, with temporary credentials an hour at most. The code is spent.
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  package func assumeRole(
    _ request: AssumeRoleRequest, mfa: consuming MFACode? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> AssumedRole {
    try check(request, signedBy: credentials)
    var body = FormBody(action: "AssumeRole", version: STS.version)
    body.append("RoleArn", request.role.text)
    body.append("RoleSessionName", request.sessionName.text)
    body.append("DurationSeconds", String(request.duration.seconds))
    body.append("ExternalId", request.externalID?.text)
    let repetition = body.append(mfa)
    let call = SignedCall(.sts, "AssumeRole", body, repetition)
    return try client.answer(to: call, signedBy: credentials).assumedRole(request, at: client.time)
  }

  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  package func callerIdentity(signedBy credentials: borrowing Credentials) throws(AWSError) -> CallerIdentity {
    let body = FormBody(action: "GetCallerIdentity", version: STS.version)
    let call = SignedCall(.sts, "GetCallerIdentity", body, .allowed)
    return try client.answer(to: call, signedBy: credentials).callerIdentity()
  }

  private func check(
    _ request: AssumeRoleRequest, signedBy credentials: borrowing Credentials
  ) throws(AWSError) {
    try request.duration.check(within: 900...43200)
    guard !credentials.sessionToken.exists || request.duration <= .roleChainingLimit else {
      let limit = SessionDuration.roleChainingLimit.seconds
      throw .invalidRequest(.durationBeyondRoleChaining(request.duration.seconds, limit: limit))
    }
    do { try client.connection.check(request.role) } catch { throw .endpoint(error) }
  }
}

extension SessionDuration {
  fileprivate func check(within allowed: ClosedRange<Int>) throws(AWSError) {
    guard allowed.contains(seconds) else {
      throw .invalidRequest(.durationOutOfRange(seconds, allowed: allowed))
    }
  }
}

extension FormBody {
  /// Adds device and code, together or not at all.
  fileprivate mutating func append(_ mfa: borrowing MFACode?) -> RetrySafety {
    mfa.withValue { code in
      append("SerialNumber", code.device.text)
      append("TokenCode", digits: code.digits)
    }
    return mfa.exists ? .carriesMFACode : .allowed
  }
}

// MARK: - Session

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

// MARK: - Assume role request

/// What to ask AssumeRole for.
package struct AssumeRoleRequest: Equatable, Sendable {
  package var role: RoleARN
  package var sessionName: RoleSessionName
  package var duration: SessionDuration
  package var externalID: ExternalID?

  package init(role: RoleARN, sessionName: RoleSessionName, duration: SessionDuration, externalID: ExternalID? = nil) {
    self.role = role
    self.sessionName = sessionName
    self.duration = duration
    self.externalID = externalID
  }
}

// MARK: - Assumed role

/// A role's session.
package struct AssumedRole: ~Copyable, Sendable {
  package let credentials: Credentials
  /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION-NAME`.
  package let arn: String

  init(credentials: consuming Credentials, arn: String) {
    self.credentials = credentials
    self.arn = arn
  }

  package consuming func takeCredentials() -> Credentials { credentials }
}

// MARK: - Caller identity

/// Who signs, as AWS sees it.
package struct CallerIdentity: Equatable, Sendable {
  package let account: String
  package let arn: String
  package let userID: String

  package init(account: String, arn: String, userID: String) {
    self.account = account
    self.arn = arn
    self.userID = userID
  }

  /// The IAM user's name, without its path; nil for a role or the root user.
  package var userName: UserName? { UserARN(arn)?.name }
}

// MARK: - MFA code

/// Six digits from an MFA device. AWS takes them once, so a call consumes them.
package struct MFACode: ~Copyable, Sendable {
  package let device: MFADevice
  let digits: SecretBytes

  package static let length = 6

  /// Nil where `digits` are not exactly six ASCII digits.
  package init?(_ digits: consuming SecretBytes, of device: MFADevice) {
    let isCode = digits.withBytes { bytes in
      bytes.count == MFACode.length && bytes.indices.allSatisfy { bytes[$0].isDigit }
    }
    guard isCode else { return nil }
    self.device = device
    self.digits = digits
  }
}

// MARK: - Spent codes

/// MFA codes that are not to be sent again: AWS takes each once, whatever became of the call.
package struct SpentCodes: ~Copyable {
  /// One behind the other.
  private var digits = SecretBytes()

  package init() {}

  /// Adds a code; false where it is among them already.
  package mutating func insert(_ code: borrowing MFACode) -> Bool {
    guard !contains(code) else { return false }
    digits.append(code.digits)
    return true
  }

  private func contains(_ code: borrowing MFACode) -> Bool {
    for start in stride(from: 0, to: digits.count, by: MFACode.length) {
      if digits.clone(start..<(start + MFACode.length)).equals(code.digits) { return true }
    }
    return false
  }
}
