package import AWSValues
internal import FoundationEssentials
internal import HTTP
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
    precondition(!key.sessionToken.exists && (900...129_600).contains(duration.seconds), "planned against AWS's rules")
    var form = FormBody(action: "GetSessionToken", version: STS.version)
    form.append("DurationSeconds", String(duration.seconds))
    let retrySafety = form.append(mfa)
    let account = key.account ?? mfa.withValue { $0.device.account } ?? nil
    return try client.response(to: AWSCall(.sts, form, retrySafety), signedBy: key)
      .credentials(of: account, by: client)
  }

  /// A session of the role, 900 to 43200 seconds long, with temporary credentials an hour at most. The code is spent.
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  package func assumeRole(
    _ request: AssumeRoleRequest, mfa: consuming MFACode? = nil, signedBy credentials: borrowing Credentials
  ) throws(AWSError) -> Credentials {
    let limit = credentials.sessionToken.exists ? SessionDuration.roleChainingLimit.seconds : 43200
    precondition((900...limit).contains(request.duration.seconds), "planned against AWS's rules")
    var form = FormBody(action: "AssumeRole", version: STS.version)
    form.append("RoleArn", request.role.text)
    form.append("RoleSessionName", request.sessionName.text)
    form.append("DurationSeconds", String(request.duration.seconds))
    form.append("ExternalId", request.externalID?.text)
    form.append(request.scope)
    let retrySafety = form.append(mfa)
    return try client.response(to: AWSCall(.sts, form, retrySafety), signedBy: credentials)
      .assumedRole(request, by: client)
  }

  /// A session of the role, 900 to 43200 seconds long, for the identity that a token names; the request is not signed.
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
  package func assumeRole(
    _ request: AssumeRoleRequest, withWebIdentity token: borrowing IdentityToken
  ) throws(AWSError) -> Credentials {
    var form = FormBody(action: "AssumeRoleWithWebIdentity", version: STS.version)
    form.append("RoleArn", request.role.text)
    form.append("RoleSessionName", request.sessionName.text)
    form.append("DurationSeconds", String(request.duration.seconds))
    form.append("WebIdentityToken", secret: token.bytes)
    form.append(request.scope)
    return try client.responseToUnsigned(AWSCall(.sts, form)).assumedRole(request, by: client)
  }

  /// A session of the IAM user whose long-term key signs, 900 to 129600 seconds long, which may do what `scope` allows as
  /// well: no call to IAM, and of STS only GetCallerIdentity.
  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
  package func federationToken(
    name: FederatedUserName, duration: SessionDuration, scope: SessionScope, signedBy key: borrowing Credentials
  ) throws(AWSError) -> Credentials {
    precondition(!key.sessionToken.exists && scope.limitsPermissions, "planned against AWS's rules")
    var form = FormBody(action: "GetFederationToken", version: STS.version)
    form.append("Name", name.text)
    form.append("DurationSeconds", String(duration.seconds))
    form.append(scope)
    return try client.response(to: AWSCall(.sts, form), signedBy: key)
      .credentials(of: key.account, by: client)
  }

  /// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  package func callerIdentity(signedBy credentials: borrowing Credentials) throws(AWSError) -> CallerIdentity {
    let form = FormBody(action: "GetCallerIdentity", version: STS.version)
    return try client.response(to: AWSCall(.sts, form), signedBy: credentials).callerIdentity()
  }
}

extension STS {
  /// How many seconds AWS's clock is ahead of ours, by a request that nobody needs to sign; nil if the answer does not
  /// say.
  package func clockOffset() throws(AWSError) -> Int? {
    let response = try client.send(HTTPRequest(method: .get, url: client.endpoint(of: .sts).url))
    return ServiceError.date(inHeadersOf: response)?.secondsAhead(of: client.now)
  }
}

/// What to ask AssumeRole for.
package struct AssumeRoleRequest: Equatable, Sendable {
  package var role: RoleARN
  package var sessionName: RoleSessionName
  package var duration: SessionDuration
  package var externalID: ExternalID?
  package var scope: SessionScope

  package init(
    role: RoleARN, sessionName: RoleSessionName, duration: SessionDuration, externalID: ExternalID? = nil,
    scope: SessionScope = SessionScope()
  ) {
    self.scope = scope
    self.role = role
    self.sessionName = sessionName
    self.duration = duration
    self.externalID = externalID
  }

  /// The ARN of the session; a role's path is not part of it.
  package var sessionARN: String { role.sessionARN(named: sessionName) }
}

extension FormBody {
  /// Adds what narrows a session.
  fileprivate mutating func append(_ scope: SessionScope) {
    append("Policy", scope.policy?.text)
    for (index, arn) in scope.policyARNs.enumerated() { append("PolicyArns.member.\(index + 1).arn", arn.text) }
    append(tags: scope.tags.map { ($0.key, $0.value) })
    for (index, key) in scope.transitiveTagKeys.enumerated() { append("TransitiveTagKeys.member.\(index + 1)", key) }
    append("SourceIdentity", scope.sourceIdentity?.text)
  }

  /// Adds device and code, together or not at all.
  fileprivate mutating func append(_ mfa: borrowing MFACode?) -> RetrySafety {
    mfa.withValue { code in
      append("SerialNumber", code.device.text)
      append("TokenCode", secret: code.digits)
    }
    return mfa.exists ? .once : .idempotent
  }
}

// MARK: - Responses

extension AWSResponse {
  /// Temporary credentials that can be used at `time`. Their expiration is by our clock, like everything that reads it.
  fileprivate func credentials(of account: String?, by client: AWSClient) throws(AWSError) -> Credentials {
    let place = try result("Credentials")
    let accessKeyID: AccessKeyID = try value("AccessKeyId", in: place)
    let expiration = try date("Expiration", in: place)
    guard expiration > client.time else { throw malformed("Expiration \(expiration.rfc3339) has passed") }
    guard expiration <= client.time.addingTimeInterval(Self.longestSession) else {
      throw malformed("Expiration \(expiration.rfc3339) is later than any session lasts")
    }
    return Credentials(
      accessKeyID: accessKeyID.text, secretAccessKey: try secret("SecretAccessKey", in: place),
      sessionToken: try secret("SessionToken", in: place),
      expiration: expiration.addingTimeInterval(-client.clockOffset), account: account)
  }

  /// The session, which must be of the role and name asked for.
  fileprivate func assumedRole(_ request: AssumeRoleRequest, by client: AWSClient) throws(AWSError) -> Credentials {
    let arn = try text("\(call)Result/AssumedRoleUser/Arn")
    guard arn == request.sessionARN else { throw .otherRole(asked: request.role.text, received: arn) }
    return try credentials(of: request.role.account, by: client)
  }

  fileprivate func callerIdentity() throws(AWSError) -> CallerIdentity {
    let place = try element("GetCallerIdentityResult")
    let account = try text("Account", in: place)
    guard account.isAccountID else { throw malformed("Account") }
    let arn = try text("Arn", in: place)
    guard arn.hasPrefix("arn:"), arn.contains(":\(account):") else { throw malformed("Arn") }
    return CallerIdentity(account: account, arn: arn, userID: try text("UserId", in: place))
  }

  /// The 36 hours GetSessionToken may give, and an hour for a clock that is off without AWS minding.
  private static let longestSession: TimeInterval = 129_600 + 3600
}

// MARK: - Caller identity

/// Who signs, as AWS sees it.
package struct CallerIdentity: Equatable, Sendable {
  package let account: String
  package let arn: String
  package let userID: String
}

// MARK: - MFA code

/// Six digits from an MFA device. AWS takes them once, so a call consumes them.
package struct MFACode: ~Copyable, Sendable {
  package let device: MFADevice
  let digits: SecretBytes

  package static let length = 6

  /// Nil if `typed` is not exactly six ASCII digits and blanks: apps show a code as `123 456`.
  package init?(_ typed: borrowing SecretBytes, of device: MFADevice) {
    var digits = SecretBytes(capacity: MFACode.length)
    let isCode = typed.withBytes { bytes in
      for index in bytes.indices where bytes[index] != UInt8(ascii: " ") {
        guard bytes[index].isDigit, digits.count < MFACode.length else { return false }
        digits.append(bytes[index])
      }
      return digits.count == MFACode.length
    }
    guard isCode else { return nil }
    self.device = device
    self.digits = digits
  }
}

/// Calls with MFA codes, which are made again if AWS may accept other codes.
package enum MFATries {
  /// How often a call is made at most.
  package static let count = 3

  /// Makes `call` with what `codes` gives, and again with other codes while `refusal` does not throw.
  ///
  /// - Parameters:
  ///   - codes: gets the number of the try, and why the one before was refused.
  ///   - refusal: why other codes may be accepted; also gets the refusal before.
  ///   - failure: what is thrown after the last try.
  package static func make<Codes: ~Copyable, Refusal, Result: ~Copyable>(
    with codes: (Int, Refusal?) throws -> Codes, _ call: (consuming Codes) throws -> Result,
    after refusal: (AWSError, Refusal?) throws -> Refusal, else failure: (Refusal?) -> any Error
  ) throws -> Result {
    var last: Refusal?
    for number in 1...count {
      let codes = try codes(number, last)
      do {
        return try call(codes)
      } catch let error as AWSError {
        last = try refusal(error, last)
      }
    }
    throw failure(last)
  }
}

// MARK: - Spent codes

/// MFA codes that must not be sent again: AWS accepts each once, whether or not the call succeeds.
package struct SpentCodes: ~Copyable {
  /// One after the other.
  private var digits = SecretBytes()

  package init() {}

  /// Adds a code; false if it is among them already.
  package mutating func insert(_ code: borrowing MFACode) -> Bool {
    for start in stride(from: 0, to: digits.count, by: MFACode.length) {
      if digits.clone(start..<(start + MFACode.length)).equals(code.digits) { return false }
    }
    digits.append(code.digits)
    return true
  }
}
