internal import AWSServices
internal import AWSValues
internal import FoundationEssentials
internal import Secrets

extension ScenarioRun {
  private var propagation: Propagation { Propagation(time: time, tell: tell) }

  /// The key works; new ones take some seconds to.
  func checkIdentity(of user: UserARN, _ key: borrowing Credentials) throws {
    let identity = try propagation.wait(for: .key, while: [.unknownKey]) { () throws(AWSError) in
      try services.sts.callerIdentity(signedBy: key)
    }
    try note(Finding(.identity, .identity(arn: identity.arn, expected: user.text)))
  }

  /// Without MFA the buckets are not listed. A key that one service knows may be new to another.
  func checkDenial(_ check: Check, _ key: borrowing Credentials) throws {
    let outcome = try propagation.wait(for: .key, while: [.unknownKey]) { () throws(AWSError) in
      try denialOfBuckets(key)
    }
    try note(Finding(check, outcome))
  }

  /// Without MFA the role is not given.
  func checkDenial(ofRole request: AssumeRoleRequest, _ key: borrowing Credentials) throws {
    let outcome = try denialOfRole(request, key)
    try note(Finding(.role, outcome))
  }

  private func denialOfRole(
    _ request: AssumeRoleRequest, _ key: borrowing Credentials
  ) throws(AWSError) -> Finding.Outcome {
    do throws(AWSError) {
      let session = try services.sts.assumeRole(request, signedBy: key)
      return .session(expiration: session.credentials.expiration)
    } catch {
      guard let refusal = error.refusal(meaning: [.accessDenied]) else { throw error }
      return .denied(refusal)
    }
  }

  private func denialOfBuckets(_ key: borrowing Credentials) throws(AWSError) -> Finding.Outcome {
    do throws(AWSError) {
      return .buckets(try services.s3.buckets(signedBy: key).map(\.name))
    } catch {
      guard let refusal = error.refusal(meaning: [.accessDenied]) else { throw error }
      return .denied(refusal)
    }
  }

  func request(for role: RoleARN) -> AssumeRoleRequest {
    AssumeRoleRequest(role: role, sessionName: names.session, duration: Self.duration)
  }

  /// The shortest that AWS gives: nobody is to use the session afterwards.
  private static let duration = SessionDuration(seconds: 900)

  func getSession(
    with device: borrowing NewVirtualMFADevice, signedBy key: borrowing Credentials
  ) throws -> Credentials {
    try withCodes { refusal in
      let code = try codes.code(of: device.device, device.seed, after: refusal)
      return try services.sts.sessionToken(duration: Self.duration, mfa: code, signedBy: key)
    }
  }

  /// A denial may come of a role or policy that STS does not see yet; each try needs a code of its own, and so takes
  /// half a minute.
  func assume(
    _ request: AssumeRoleRequest, with device: borrowing NewVirtualMFADevice, signedBy key: borrowing Credentials
  ) throws -> Credentials {
    do {
      return try withCodes(orOthersAfter: [.accessDenied]) { refusal in
        let code = try codes.code(of: device.device, device.seed, after: refusal)
        return try services.sts.assumeRole(request, mfa: code, signedBy: key).takeCredentials()
      }
    } catch ScenarioError.codesRefused(_, let refusal?) where refusal.meaning == .accessDenied {
      try note(Finding(.session, .denied(refusal)))
      throw ScenarioError.expectationFailed(.session)
    }
  }

  /// What the session may do, and once more what the key alone may not.
  func checkSession(_ session: borrowing Credentials, expected arn: String, _ key: borrowing Credentials) throws {
    report.expiration = session.expiration
    try note(Finding(.session, .session(expiration: session.expiration)))
    let identity = try propagation.wait(for: .key, while: [.unknownKey]) { () throws(AWSError) in
      try services.sts.callerIdentity(signedBy: session)
    }
    try note(Finding(.sessionIdentity, .identity(arn: identity.arn, expected: arn)))
    try checkBuckets(session)
    try checkDenial(.bucketsAfterwards, key)
  }

  /// With MFA the buckets are listed, once the policy is in force.
  private func checkBuckets(_ session: borrowing Credentials) throws {
    do {
      let buckets = try propagation.wait(for: .permission, while: [.accessDenied, .unknownKey]) { () throws(AWSError) in
        try services.s3.buckets(signedBy: session).map(\.name)
      }
      try note(Finding(.bucketsWithMFA, .buckets(buckets)))
    } catch let error as ScenarioError {
      if case .notSeen = error { throw ScenarioError.expectationFailed(.bucketsWithMFA) }
      throw error
    }
  }

  /// - Throws: `expectationFailed`.
  private func note(_ finding: Finding) throws {
    report.findings.append(finding)
    try step(.found(finding))
    guard finding.holds else { throw ScenarioError.expectationFailed(finding.check) }
  }
}
