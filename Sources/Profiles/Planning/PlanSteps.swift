internal import AWSValues

/// Decides which calls lead from a key through roles to credentials.
///
/// AWS limits a role that is assumed with temporary credentials to an hour, and counts an MFA session as such; so one
/// role that is to last longer is assumed straight from the key, its MFA code in the same call.
struct PlanSteps {
  /// The roles, the one nearest the key first.
  let roles: [Role]
  /// The device whose code is asked for; nil where no profile on the way names one.
  let device: MFADevice?
  let options: PlanOptions

  func steps() throws(PlanError) -> [CredentialPlan.Step] {
    switch (options.sessions, roles.count) {
    case (.skipped, 0): []
    case (.used, 0): [.sessionToken(try keySession())]
    case (_, 1): try stepsToOneRole()
    case (.used, _) where device != nil: try [.sessionToken(sharedSession())] + chainedRoles(device: nil)
    case (.used, _), (.skipped, _): try chainedRoles(device: device)
    }
  }

  private func stepsToOneRole() throws(PlanError) -> [CredentialPlan.Step] {
    let step = try assumeRole(roles[0], index: 0)
    guard let device else { return [.assumeRole(step)] }
    if options.sessions == .used, step.duration <= .roleChainingLimit {
      return [.sessionToken(try sharedSession()), .assumeRole(step)]
    }
    return [.assumeRole(step.taking(device))]
  }

  private func chainedRoles(device: MFADevice?) throws(PlanError) -> [CredentialPlan.Step] {
    var steps: [CredentialPlan.Step] = []
    for (index, role) in roles.enumerated() {
      let step = try assumeRole(role, index: index).cappedToChain()
      steps.append(.assumeRole(index == 0 ? step.taking(device) : step))
    }
    return steps
  }

  /// The session that a profile without a role ends with.
  private func keySession() throws(PlanError) -> CredentialPlan.SessionToken {
    let wish = try DurationWish.first(
      of: options.durationWish, options.sessionTokenWish, within: SessionDuration.ofSessionToken)
    return CredentialPlan.SessionToken(duration: wish ?? .usualOfSessionToken, device: device)
  }

  /// The session that roles are assumed with; it does not depend on the role, so that all profiles on the same key and
  /// device share it, and with it one MFA code.
  private func sharedSession() throws(PlanError) -> CredentialPlan.SessionToken {
    let wish = try DurationWish.first(of: options.sessionTokenWish, within: SessionDuration.ofSessionToken)
    return CredentialPlan.SessionToken(duration: wish ?? .usualOfSessionToken, device: device)
  }

  private func assumeRole(_ role: Role, index: Int) throws(PlanError) -> CredentialPlan.AssumeRole {
    let option = index == roles.count - 1 ? options.durationWish : nil
    let wish = try DurationWish.first(of: option, role.duration, within: SessionDuration.ofRole)
    return CredentialPlan.AssumeRole(
      role: role.arn, sessionName: role.sessionName ?? options.defaultSessionName(), externalID: role.externalID,
      duration: wish ?? .usualOfRole)
  }
}

extension CredentialPlan.AssumeRole {
  func taking(_ device: MFADevice?) -> CredentialPlan.AssumeRole {
    var step = self
    step.device = device
    return step
  }

  /// The same call within AWS's limit for chained roles.
  func cappedToChain() -> CredentialPlan.AssumeRole {
    guard duration > .roleChainingLimit else { return self }
    var step = self
    step.cappedFrom = duration
    step.duration = .roleChainingLimit
    return step
  }
}
