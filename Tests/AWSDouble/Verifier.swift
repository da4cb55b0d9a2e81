import FoundationEssentials

/// Checks one request's authentication against the account, the sessions and the clock.
struct Verifier {
  let account: Account
  let sessions: [String: IssuedSession]
  let now: Date
  /// Ids of keys that are too new to be seen.
  let hiddenKeys: Set<String>

  /// The caller; throws AWS's refusal of the first thing that is wrong.
  func caller(of request: WireRequest, for service: Service) throws(Refusal) -> Caller {
    guard let header = request["authorization"] else { throw .missingAuthentication }
    guard let authorization = Authorization(header) else {
      throw .badAuthorization("Authorization header is not in the form of Signature Version 4.", for: service)
    }
    let time = try requestTime(of: request, for: service)
    try checkScope(authorization.scope, of: request, for: service)
    try checkSignedHeaders(authorization.signedHeaders, of: request, for: service)
    try checkSkew(time, for: service)
    let credentials = try credentials(authorization.accessKeyID, of: request, for: service)
    let payloadHash = try payloadHash(of: request, for: service)
    let calculation = SignatureCalculation(
      request, authorization: authorization, payloadHash: payloadHash, pathRule: service.pathRule)
    guard calculation.signature(secret: credentials.secret) == authorization.signature else {
      throw .wrongSignature(for: service)
    }
    guard credentials.expiration.map({ $0 > now }) ?? true else { throw .expiredToken(for: service) }
    return credentials.caller
  }

  private func requestTime(of request: WireRequest, for service: Service) throws(Refusal) -> Date {
    guard let text = request["x-amz-date"], let time = Timestamp.parseBasic(text) else {
      throw .badAuthorization("X-Amz-Date must be there once, as 20150830T123600Z.", for: service)
    }
    return time
  }
}

// MARK: - Credentials

extension Verifier {
  /// A secret to check a signature with, and whom it proves.
  struct Credentials {
    let secret: String
    let caller: Caller
    let expiration: Date?
  }

  func credentials(
    _ id: String, of request: WireRequest, for service: Service
  ) throws(Refusal) -> Credentials {
    let token = request["x-amz-security-token"]
    if let session = sessions[id] { return try credentials(session, token: token, for: service) }
    guard let (user, key) = account.owner(ofKey: id), key.isActive, !hiddenKeys.contains(id) else {
      throw .unknownKey(id, for: service)
    }
    guard token == nil else { throw .badToken(for: service) }
    let caller = Caller(identity: .user(name: user.name), kind: .longTerm)
    return Credentials(secret: key.secret, caller: caller, expiration: nil)
  }

  private func credentials(
    _ session: IssuedSession, token: String?, for service: Service
  ) throws(Refusal) -> Credentials {
    guard let token else { throw .unknownKey(session.accessKeyID, for: service) }
    guard token == session.token, account.arn(of: session.identity) != nil else { throw .badToken(for: service) }
    let caller = Caller(identity: session.identity, kind: session.kind, scope: session.scope)
    return Credentials(secret: session.secret, caller: caller, expiration: session.expiration)
  }
}

// MARK: - Scope

extension Verifier {
  func checkScope(_ scope: CredentialScope, of request: WireRequest, for service: Service) throws(Refusal) {
    guard scope.service == service.rawValue else {
      throw .badScope("Credential should be scoped to correct service: '\(service)'. ", for: service)
    }
    guard isRight(scope, for: service) else {
      throw .badScope("Credential should be scoped to a valid region, not '\(scope.region)'. ", for: service)
    }
    let date = request["x-amz-date"] ?? ""
    guard date.hasPrefix(scope.date + "T") else {
      let start = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
      throw .badScope(start + "'\(scope.date)' != '\(date.prefix(8))', from '\(date)'.", for: service)
    }
    try checkHost(of: request, for: service)
    if service == .sts && account.disabledRegions.contains(scope.region) {
      throw .regionDisabled(scope.region, account: account.id)
    }
  }

  /// A host that names a service, as through a proxy, has to name the one that is called.
  private func checkHost(of request: WireRequest, for service: Service) throws(Refusal) {
    let first = request["host"]?.prefix { $0 != "." && $0 != ":" }
    let named = Service.allCases.first { $0.rawValue == first ?? "" }
    guard named ?? service == service else {
      throw .badScope("Credential should be scoped to correct service: '\(named ?? service)'. ", for: service)
    }
  }

  /// IAM is global and signed with its partition's own region.
  private func isRight(_ scope: CredentialScope, for service: Service) -> Bool {
    switch service {
    case .sts, .s3: scope.isRegionValid
    case .iam:
      scope.region == (["aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"][account.partition] ?? "us-east-1")
    }
  }
}

// MARK: - Signed

extension Verifier {
  /// Everything that decides what a request means has to be signed; what a proxy may change must not be.
  func checkSignedHeaders(_ signed: [String], of request: WireRequest, for service: Service) throws(Refusal) {
    let present = Set(request.headers.map { $0.name.lowercased() })
    let unsigned = mustBeSigned(in: present).filter { !signed.contains($0) }.sorted()
    guard unsigned.isEmpty else { throw .unsignedHeaders(unsigned, for: service) }
    let absent = signed.filter { !present.contains($0) }
    guard absent.isEmpty else {
      throw .badAuthorization(
        "SignedHeaders names \(absent.joined(separator: ", ")), which did not come.", for: service)
    }
  }

  private func mustBeSigned(in present: Set<String>) -> Set<String> {
    Set(["host", "x-amz-date"]).union(present.filter { $0.hasPrefix("x-amz-") || $0 == "content-type" })
  }

  /// The hash in the canonical request, after it was compared with the body.
  func payloadHash(of request: WireRequest, for service: Service) throws(Refusal) -> String {
    let actual = SignatureCalculation.hash(request.body)
    let declared = request["x-amz-content-sha256"]
    switch (service, declared) {
    case (.s3, nil):
      throw Refusal(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
    case (.s3, "UNSIGNED-PAYLOAD"): return "UNSIGNED-PAYLOAD"
    case (_, nil), (_, actual): return actual
    case (.s3, _):
      let message = "The provided 'x-amz-content-sha256' header does not match what was computed."
      throw Refusal(400, "XAmzContentSHA256Mismatch", message)
    case (_, _): throw .wrongSignature(for: service)
    }
  }
}

// MARK: - Skew

extension Verifier {
  /// STS and IAM report a wrong clock as `SignatureDoesNotMatch` with the times in its text, S3 with a code of its own.
  func checkSkew(_ time: Date, for service: Service) throws(Refusal) {
    let allowed = Double(account.allowedSkew)
    guard abs(time.timeIntervalSince(now)) > allowed else { return }
    switch service {
    case .s3: throw tooSkewed(time)
    case .sts, .iam: throw Refusal(403, "SignatureDoesNotMatch", time < now ? expired(time) : early(time))
    }
  }

  private func expired(_ time: Date) -> String {
    let limit = Timestamp.basic(now - Double(account.allowedSkew))
    return "Signature expired: \(Timestamp.basic(time)) is now earlier than \(limit) (\(window(sign: "-")))"
  }

  private func early(_ time: Date) -> String {
    let limit = Timestamp.basic(now + Double(account.allowedSkew))
    return "Signature not yet current: \(Timestamp.basic(time)) is still later than \(limit) (\(window(sign: "+")))"
  }

  private func window(sign: String) -> String { "\(Timestamp.basic(now)) \(sign) \(account.allowedSkew / 60) min." }

  private func tooSkewed(_ time: Date) -> Refusal {
    let message = "The difference between the request time and the current time is too large."
    var refusal = Refusal(403, "RequestTimeTooSkewed", message)
    refusal.details = [
      "RequestTime": Timestamp.basic(time), "ServerTime": Timestamp.extended(now),
      "MaxAllowedSkewMilliseconds": String(account.allowedSkew * 1000),
    ]
    return refusal
  }
}
