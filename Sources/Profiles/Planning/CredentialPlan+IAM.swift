internal import AWSValues

/// IAM takes no session that GetSessionToken made without an MFA code: it answers InvalidClientTokenId.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
extension CredentialPlan {
  /// This plan, for calls to IAM.
  package var forIAM: CredentialPlan {
    guard case .sessionToken(let step) = steps.last, step.device == nil else { return self }
    return droppingLastStep()
  }

  /// The plan for calls to IAM as the user whose key this plan starts with: the key itself, or the MFA session that
  /// profiles on it share.
  package var forUser: CredentialPlan {
    var plan = self
    plan.steps = steps.first.flatMap(Self.userStep).map { [$0] } ?? []
    return plan.forIAM
  }

  /// The plan for calls signed with the key itself.
  package var forKey: CredentialPlan {
    var plan = self
    plan.steps = []
    return plan
  }

  private static func userStep(_ first: Step) -> Step? {
    switch first {
    case .sessionToken: first
    case .assumeRole(let step): step.device.map { .sessionToken(SessionToken(duration: step.duration, device: $0)) }
    }
  }
}
