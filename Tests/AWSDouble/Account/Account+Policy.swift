extension Account {
  /// Throws `AccessDenied` in AWS's words unless the caller's policies allow `action`, such as `s3:ListAllMyBuckets`.
  func authorize(_ caller: Caller, to action: String, on resource: String? = nil) throws(Refusal) {
    let place = resource.map { " on resource: \($0)" } ?? ""
    let start = "User: \(arn(of: caller.identity) ?? "") is not authorized to perform: \(action)\(place)"
    if deniedActions(of: caller.identity).contains(action) {
      throw .accessDenied(start + " because no identity-based policy allows the \(action) action")
    }
    if caller.kind != .mfaSession && actionsNeedingMFA(of: caller.identity).contains(action) {
      throw .accessDenied(start + " with an explicit deny in an identity-based policy")
    }
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
