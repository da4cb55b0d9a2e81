package import AWSValues
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
  fileprivate mutating func append(_ mfa: borrowing MFACode?) -> Repetition {
    mfa.withValue { code in
      append("SerialNumber", code.device.text)
      append("TokenCode", digits: code.digits)
    }
    return mfa.exists ? .carriesMFACode : .allowed
  }
}
