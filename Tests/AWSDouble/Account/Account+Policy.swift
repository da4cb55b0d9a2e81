extension Account {
  /// Throws `AccessDenied` in AWS's words unless the caller's policies allow `action`, such as `s3:ListAllMyBuckets`.
  func authorize(_ caller: Caller, to action: String, on resource: String? = nil) throws(Refusal) {
    let start = denialStart(of: action, to: caller, on: resource)
    if deniedActions(of: caller.identity).contains(action) || !mayDo(action, on: resource, as: caller.identity) {
      throw denial(of: action, to: caller, on: resource)
    }
    if caller.kind != .mfaSession && actionsNeedingMFA(of: caller.identity).contains(action) {
      throw .accessDenied(start + " with an explicit deny in an identity-based policy")
    }
  }

  func denial(of action: String, to caller: Caller, on resource: String?) -> Refusal {
    let start = denialStart(of: action, to: caller, on: resource)
    return .accessDenied(start + " because no identity-based policy allows the \(action) action")
  }

  private func denialStart(of action: String, to caller: Caller, on resource: String?) -> String {
    let place = resource.map { " on resource: \($0)" } ?? ""
    return "User: \(arn(of: caller.identity) ?? "") is not authorized to perform: \(action)\(place)"
  }

  /// Everybody may read; users may change their own keys and MFA devices, and administrators everything.
  private func mayDo(_ action: String, on resource: String?, as identity: Identity) -> Bool {
    guard case .user(let name) = identity, let user = self[user: name] else { return Self.isReading(action) }
    if user.mayAdministerIAM || Self.isReading(action) { return true }
    guard action.contains("AccessKey") || action.contains("MFADevice") else { return false }
    return resource == arn(of: user) || resource?.contains(":mfa/") == true
  }

  private static func isReading(_ action: String) -> Bool {
    !action.hasPrefix("iam:") || action.hasPrefix("iam:Get") || action.hasPrefix("iam:List")
  }

  /// Whether the caller's own policy names the role.
  func mayAssume(_ role: Role, as identity: Identity) -> Bool {
    let allowed =
      switch identity {
      case .user(let name): self[user: name]?.assumableRoles ?? []
      case .role(let arn, _): self[role: arn]?.assumableRoles ?? []
      }
    return allowed.contains(role.arn) || allowed.contains("*")
  }

  private func deniedActions(of identity: Identity) -> Set<String> {
    switch identity {
    case .user(let name): self[user: name]?.deniedActions ?? []
    case .role(let arn, _): self[role: arn]?.deniedActions ?? []
    }
  }

  private func actionsNeedingMFA(of identity: Identity) -> Set<String> {
    switch identity {
    case .user(let name): self[user: name]?.actionsNeedingMFA ?? []
    case .role: []  // sessions of a role never carry aws:MultiFactorAuthPresent
    }
  }
}
