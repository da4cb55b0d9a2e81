import FoundationEssentials

extension World {
  mutating func assumeRole(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    let request = try RoleRequest(parameters)
    let denied = refusal(of: request.arn, as: caller)
    guard let role = account[role: request.arn], isTrusted(caller, by: role) else { throw denied }
    try checkScope(of: caller, "sts:AssumeRole", request.arn)
    try checkTags(request.scope, for: role, as: caller)
    guard role.externalID == nil || role.externalID == request.externalID else { throw denied }
    // Before the code is looked at: a call refused for its duration must not cost one.
    try checkDuration(request.duration, of: role, as: caller)
    let provesMFA = try checkMFA(parameters, as: caller)
    guard isMFASufficient(provesMFA, of: caller, for: role) else { throw denied }
    let identity = Identity.role(arn: role.arn, sessionName: request.sessionName)
    let credentials = issue(
      for: identity, kind: .roleSession, seconds: request.duration, scope: request.scope,
      chained: caller.kind.isTemporary)
    return [credentials, assumedRoleUser(identity)] + request.scope.packedSizeElements
  }

  /// Trusts that let roles be assumed do not let them be tagged.
  private func checkTags(_ scope: SessionScope, for role: Role, as caller: Caller) throws(Refusal) {
    let who = account.arn(of: caller.identity) ?? ""
    let needed =
      (scope.tags.isEmpty ? [] : ["sts:TagSession"]) + (scope.sourceIdentity == nil ? [] : ["sts:SetSourceIdentity"])
    for action in needed where role.untrustedActions.contains(action) {
      throw .accessDenied("User: \(who) is not authorized to perform: \(action) on resource: \(role.arn)")
    }
  }

  private func isTrusted(_ caller: Caller, by role: Role) -> Bool {
    let principal: String? =
      switch caller.identity {
      case .user(let name): account[user: name].map(account.arn(of:))
      case .role(let arn, _): arn
      case .federated: nil
      }
    let isNamed = role.trustPolicy.map { $0.trusts(principal ?? "", .withMFA) } ?? role.trusts.contains(principal ?? "")
    let isAccountNamed =
      role.trustPolicy.map { $0.trusts(account.rootARN, .withMFA) } ?? role.trusts.contains(account.rootARN)
    return isVisible(role.visibility) && (isNamed || isAccountNamed && mayAssume(role, as: caller))
  }

  private func mayAssume(_ role: Role, as caller: Caller) -> Bool {
    policy(of: caller.identity)?.allows("sts:AssumeRole", on: role.arn, PolicyContext(caller.kind))
      ?? account.mayAssume(role, as: caller.identity)
  }

  private func isMFASufficient(_ isProved: Bool, of caller: Caller, for role: Role) -> Bool {
    guard let trust = role.trustPolicy else { return !role.requiresMFA || isProved || caller.kind == .mfaSession }
    let principals = [account.arn(of: caller.identity) ?? "", account.rootARN]
    let context = isProved ? .withMFA : PolicyContext(caller.kind)
    return principals.contains { trust.trusts($0, context) }
  }

  private func checkDuration(_ seconds: Int, of role: Role, as caller: Caller) throws(Refusal) {
    if caller.kind.isTemporary && seconds > 3600 {
      throw .validation(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
    }
    if seconds > role.maxSessionDuration {
      throw .validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    }
  }

  private func refusal(of arn: String, as caller: Caller) -> Refusal {
    let who = account.arn(of: caller.identity) ?? ""
    return .accessDenied("User: \(who) is not authorized to perform: sts:AssumeRole on resource: \(arn)")
  }

  func assumedRoleUser(_ identity: Identity) -> XMLElement {
    let id = XMLElement("AssumedRoleId", account.uniqueID(of: identity))
    return XMLElement("AssumedRoleUser", [id, XMLElement("Arn", account.arn(of: identity) ?? "")])
  }
}

// MARK: - Role request

/// The parameters of AssumeRole, within the limits of STS's model.
struct RoleRequest {
  let arn: String
  let sessionName: String
  let externalID: String?
  /// Seconds.
  let duration: Int
  let scope: SessionScope

  init(_ parameters: Parameters) throws(Refusal) {
    try parameters.allow(
      SessionScope.parameters(in: parameters).union([
        "Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId", "SerialNumber", "TokenCode",
      ]))
    scope = try SessionScope(parameters)
    arn = try parameters.required(parameters.text("RoleArn", 20...2048, others: "+=/:,.@-"), "RoleArn")
    let name = try parameters.text("RoleSessionName", 2...64, others: "+=,.@-")
    sessionName = try parameters.required(name, "RoleSessionName")
    externalID = try parameters.text("ExternalId", 2...1224, others: "+=,.@:/-")
    duration = try parameters.integer("DurationSeconds", in: 900...43_200, default: 3600)
  }
}

// MARK: - Get session token

extension World {
  mutating func getSessionToken(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allow(["Action", "Version", "DurationSeconds", "SerialNumber", "TokenCode"])
    guard !caller.kind.isTemporary else { throw .accessDenied("Cannot call GetSessionToken with session credentials") }
    let duration = try parameters.integer("DurationSeconds", in: 900...129_600, default: 43_200)
    // It needs no permission, but can be denied.
    try account.authorize(caller, to: "sts:GetSessionToken")
    let hasMFA = try checkMFA(parameters, as: caller)
    return [issue(for: caller.identity, kind: hasMFA ? .mfaSession : .session, seconds: duration)]
  }

  /// Makes temporary credentials, which the double remembers.
  mutating func issue(
    for identity: Identity, kind: CredentialKind, seconds: Int, scope: SessionScope = SessionScope(),
    chained: Bool = false
  ) -> XMLElement {
    var session = IssuedSession(for: identity, kind: kind, until: now + Double(seconds), scope: scope)
    session.isChained = chained
    sessions[session.accessKeyID] = session
    return XMLElement(
      "Credentials",
      [
        XMLElement("AccessKeyId", session.accessKeyID),
        XMLElement("SecretAccessKey", session.secret),
        XMLElement("SessionToken", session.token),
        XMLElement("Expiration", Timestamp.extended(session.expiration)),
      ])
  }
}

extension World {
  func getCallerIdentity(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    try parameters.allow(["Action", "Version"])
    return [
      XMLElement("Arn", account.arn(of: caller.identity) ?? ""),
      XMLElement("UserId", account.uniqueID(of: caller.identity)),
      XMLElement("Account", account.accountID(of: caller.identity)),
    ]
  }
}

// MARK: - MFA

extension World {
  /// Whether the call itself proves MFA, which spends the code; throws AWS's refusal of a wrong serial or code.
  mutating func checkMFA(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> Bool {
    let serial = try parameters.text("SerialNumber", 9...256, others: "+=/:,.@-")
    let code = parameters["TokenCode"]
    guard serial != nil || code != nil else { return false }
    guard let serial, let code else { throw .halfOfMFA }
    guard code.utf8.count == 6, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      // Not by `constraint`: its text would repeat the code.
      throw .validation(
        "1 validation error detected: Value at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*"
      )
    }
    guard let device = device(serial, of: caller.identity) else { throw .foreignSerial }
    guard codes.accept(code, from: device, at: now) else { throw .invalidCode }
    return true
  }

  private func device(_ serial: String, of identity: Identity) -> VirtualMFADevice? {
    switch identity {
    case .user(let name): account[user: name]?.mfaDevices.first { $0.serial == serial }
    case .role, .federated: nil
    }
  }
}
