extension World {
  /// Throws `AccessDenied` in AWS's words unless the caller's policies allow `action`, such as `s3:ListAllMyBuckets`.
  func authorize(_ caller: Caller, to action: String, on resource: String? = nil) throws(Refusal) {
    guard let policy = policy(of: caller.identity) else {
      return try account.authorize(caller, to: action, on: resource)
    }
    guard policy.allows(action, on: resource ?? "arn:aws:s3:::", PolicyContext(caller.kind)) else {
      throw account.denial(of: action, to: caller, on: resource)
    }
  }

  /// The visible policies of who is governed by them alone; nil for the others.
  func policy(of identity: Identity) -> PolicyDocument? {
    switch identity {
    case .user(let name):
      guard let user = account[user: name], user.isGovernedByPolicies else { return nil }
      return union(user.policies)
    case .role(let arn, _):
      guard let role = account[role: arn], role.trustPolicy != nil else { return nil }
      return union(role.policies)
    }
  }

  private func union(_ policies: [String: InlinePolicy]) -> PolicyDocument {
    PolicyDocument(policies.values.filter { isVisible($0.visibility) }.flatMap(\.document.statements))
  }
}
