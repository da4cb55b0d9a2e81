extension World {
  mutating func assumeRole(_ parameters: Parameters, as caller: Caller) throws(Refusal) -> [XMLElement] {
    let request = try RoleRequest(parameters)
    let denied = refusal(of: request.arn, as: caller)
    guard let role = account[role: request.arn], isTrusted(caller, by: role) else { throw denied }
    guard role.externalID == nil || role.externalID == request.externalID else { throw denied }
    // Before the code is looked at: a call refused for its duration must not cost one.
    try checkDuration(request.duration, of: role, as: caller)
    let provesMFA = try checkMFA(parameters, as: caller)
    guard isMFASufficient(provesMFA, of: caller, for: role) else { throw denied }
    let identity = Identity.role(arn: role.arn, sessionName: request.sessionName)
    return [issue(for: identity, kind: .roleSession, seconds: request.duration), assumedRoleUser(identity)]
  }

  private func isTrusted(_ caller: Caller, by role: Role) -> Bool {
    let principal =
      switch caller.identity {
      case .user(let name): account[user: name].map(account.arn(of:))
      case .role(let arn, _): arn
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

  private func assumedRoleUser(_ identity: Identity) -> XMLElement {
    let id = XMLElement("AssumedRoleId", account.uniqueID(of: identity))
    return XMLElement("AssumedRoleUser", [id, XMLElement("Arn", account.arn(of: identity) ?? "")])
  }
}
