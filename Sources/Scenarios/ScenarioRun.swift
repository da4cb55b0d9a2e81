package import AWSServices
internal import AWSValues
internal import FoundationEssentials
package import Secrets

/// A scenario from its first call to its last, which is made whatever happens in between.
package final class ScenarioRun {
  private let iam: IAM
  private let sts: STS
  private let s3: S3
  let admin: Credentials
  let time: InterruptibleClock
  let codes: any ScenarioCodes
  let names: ScenarioNames
  let tell: (ScenarioEvent) -> Void
  var report: ScenarioReport
  /// What may be there, in order; recorded before the call that creates it, since an answer can be lost.
  private var created: [Resource] = []

  /// `admin` may make users, roles and policies.
  package init(
    _ scenario: Scenario, _ names: ScenarioNames, _ client: AWSClient, signedBy admin: borrowing Credentials,
    time: InterruptibleClock, codes: any ScenarioCodes, tell: @escaping (ScenarioEvent) -> Void
  ) {
    iam = IAM(client)
    sts = STS(client)
    s3 = S3(client)
    self.admin = admin.clone()
    self.time = time
    self.codes = codes
    self.names = names
    self.tell = tell
    report = ScenarioReport(scenario: scenario, names: names)
  }

  /// Carries out the scenario, and removes its resources with `teardown`.
  package func run(removingBy teardown: borrowing Teardown) -> ScenarioReport {
    do {
      try perform()
    } catch {
      report.failure = error
    }
    report.teardown = teardown.remove(created.reversed())
    if report.failure == nil, !report.teardown.remaining.isEmpty {
      report.failure = ScenarioError.remains(report.teardown.remaining)
    }
    return report
  }

  private func perform() throws {
    let user = try makeUser()
    let device = try makeDevice(of: user)
    let key = try makeKey()
    switch report.scenario {
    case .sessionToken: try proveSessionToken(user, device, key)
    case .assumeRole: try proveAssumeRole(user, device, key)
    }
  }

  private func proveSessionToken(
    _ user: UserARN, _ device: borrowing NewVirtualMFADevice, _ key: borrowing NewAccessKey
  ) throws {
    try writePolicy(.listingBucketsWithMFA)
    try checkIdentity(.identity, expected: user.text, key.credentials)
    try checkDenial(.buckets, key.credentials)
    let session = try getSession(with: device, signedBy: key.credentials)
    try checkSession(session, expected: user.text, key.credentials)
  }

  private func proveAssumeRole(
    _ user: UserARN, _ device: borrowing NewVirtualMFADevice, _ key: borrowing NewAccessKey
  ) throws {
    let role = try makeRole(trusting: user)
    try writePolicy(.assuming(role))
    try checkIdentity(.identity, expected: user.text, key.credentials)
    try checkDenial(.buckets, key.credentials)
    try checkDenial(ofRole: request(for: role), key.credentials)
    let session = try assume(request(for: role), with: device, signedBy: key.credentials)
    try checkSession(session, expected: role.sessionARN(named: names.session), key.credentials)
  }

  private func step(_ event: ScenarioEvent) throws {
    tell(event)
    try time.wait(.zero)
  }
}

// MARK: - Checks

extension ScenarioRun {
  /// The credentials work, and are whose they should be; new ones take some seconds.
  private func checkIdentity(_ check: Check, expected arn: String, _ credentials: borrowing Credentials) throws {
    let identity = try wait(for: .key, while: [.unknownKey]) { () throws(AWSError) in
      try sts.callerIdentity(signedBy: credentials)
    }
    try note(check, .identity(arn: identity.arn, expected: arn))
  }

  /// Without MFA, listing the buckets is denied. A key that one service knows may be unknown to another.
  private func checkDenial(_ check: Check, _ key: borrowing Credentials) throws {
    let outcome = try wait(for: .key, while: [.unknownKey]) { () throws(AWSError) in
      try denial { () throws(AWSError) in .buckets(try s3.buckets(signedBy: key).map(\.name)) }
    }
    try note(check, outcome)
  }

  /// Without MFA, the role cannot be assumed.
  private func checkDenial(ofRole request: AssumeRoleRequest, _ key: borrowing Credentials) throws {
    let outcome = try denial { () throws(AWSError) in
      .session(expiration: try sts.assumeRole(request, signedBy: key).expiration)
    }
    try note(.role, outcome)
  }

  /// The outcome of `call`, which should be denied.
  private func denial(_ call: () throws(AWSError) -> Finding.Outcome) throws(AWSError) -> Finding.Outcome {
    do throws(AWSError) {
      return try call()
    } catch {
      guard let refusal = error.refusal(meaning: [.accessDenied]) else { throw error }
      return .denied(refusal)
    }
  }

  private func request(for role: RoleARN) -> AssumeRoleRequest {
    AssumeRoleRequest(role: role, sessionName: names.session, duration: Self.duration)
  }

  /// The shortest that AWS allows: nobody is to use the session afterwards.
  private static let duration = SessionDuration(seconds: 900)

  private func getSession(
    with device: borrowing NewVirtualMFADevice, signedBy key: borrowing Credentials
  ) throws -> Credentials {
    try withCodes(
      { try codes.code(of: device.device, device.seed, after: $0) },
      { try sts.sessionToken(duration: Self.duration, mfa: $0, signedBy: key) })
  }

  /// STS may deny it because it does not see a role or policy yet. Each try needs a code of its own, and so takes half a
  /// minute.
  private func assume(
    _ request: AssumeRoleRequest, with device: borrowing NewVirtualMFADevice, signedBy key: borrowing Credentials
  ) throws -> Credentials {
    do {
      return try withCodes(
        { try codes.code(of: device.device, device.seed, after: $0) },
        { try sts.assumeRole(request, mfa: $0, signedBy: key) }, orOthersAfter: [.accessDenied])
    } catch ScenarioError.codesRefused(_, let refusal?) where refusal.meaning == .accessDenied {
      try note(.session, .denied(refusal))
      throw ScenarioError.expectationFailed(.session)
    }
  }

  /// What the session may do, and again what the key alone may not.
  private func checkSession(_ session: borrowing Credentials, expected arn: String, _ key: borrowing Credentials) throws
  {
    report.expiration = session.expiration
    try note(.session, .session(expiration: session.expiration))
    try checkIdentity(.sessionIdentity, expected: arn, session)
    try checkBuckets(session)
    try checkDenial(.bucketsAfterwards, key)
  }

  /// With MFA, the buckets are listed once the policy is in force.
  private func checkBuckets(_ session: borrowing Credentials) throws {
    do {
      let buckets = try wait(for: .permission, while: [.accessDenied, .unknownKey]) { () throws(AWSError) in
        try s3.buckets(signedBy: session).map(\.name)
      }
      try note(.bucketsWithMFA, .buckets(buckets))
    } catch let error as ScenarioError {
      if case .notSeen = error { throw ScenarioError.expectationFailed(.bucketsWithMFA) }
      throw error
    }
  }

  /// - Throws: `expectationFailed`.
  private func note(_ check: Check, _ outcome: Finding.Outcome) throws {
    let finding = Finding(check: check, outcome: outcome)
    report.findings.append(finding)
    try step(.found(finding))
    guard finding.holds else { throw ScenarioError.expectationFailed(check) }
  }
}

// MARK: - Codes

extension ScenarioRun {
  /// Other codes may also help if AWS does not see the user, the device or their assignment yet.
  private static let otherCodesWanted: [ServiceError.Meaning] = [
    .wrongMFACode, .unknownMFADevice, .iam(.noSuchEntity), .iam(.temporarilyUnmodifiable),
  ]

  /// Makes a call with codes, and again with others if AWS refuses those, also for one of the `further` reasons; `codes`
  /// gets the previous refusal.
  /// - Throws: `codesRefused`, and whatever else `call` throws.
  private func withCodes<Codes: ~Copyable, Result: ~Copyable>(
    _ codes: (ServiceError?) throws -> Codes, _ call: (consuming Codes) throws -> Result,
    orOthersAfter further: [ServiceError.Meaning] = []
  ) throws -> Result {
    try MFATries.make(
      with: { try codes($1) }, call,
      after: { error, _ in
        guard let refusal = error.refusal(meaning: further + Self.otherCodesWanted) else { throw error }
        return refusal
      },
      else: { ScenarioError.codesRefused(tries: MFATries.count, $0) })
  }
}

// MARK: - Set up

extension ScenarioRun {
  /// Makes the call that creates `resource`, which may be there from now on unless AWS denied the call.
  private func create<Created: ~Copyable>(
    _ resource: Resource, _ call: () throws -> Created
  ) throws -> Created {
    created.append(resource)
    do {
      return try call()
    } catch let error as AWSError where error.refusal(meaning: [.accessDenied]) != nil {
      created.removeLast()
      throw error
    }
  }

  /// Creates the user, and waits until IAM sees it.
  private func makeUser() throws -> UserARN {
    try time.wait(.zero)
    let user = try create(.user(names.user)) {
      try iam.createUser(names.user, tags: names.tags, signedBy: admin)
    }
    try step(.made(.user(names.user)))
    guard let arn = UserARN(user.arn) else { throw ScenarioError.unusableARN(user.arn) }
    _ = try wait(for: .user, while: [.iam(.noSuchEntity)]) { () throws(AWSError) in
      try iam.user(named: names.user, signedBy: admin)
    }
    return arn
  }

  /// A device that is assigned to the user.
  private func makeDevice(of user: UserARN) throws -> NewVirtualMFADevice {
    let partition = user.text.split(separator: ":")[1]
    let text = "arn:\(partition):iam::\(user.account):mfa/\(names.device.text)"
    guard let expected = MFADevice(text) else { throw ScenarioError.unusableARN(text) }
    let device = try create(.device(expected, owner: names.user)) {
      try iam.createVirtualMFADevice(named: names.device, tags: names.tags, signedBy: admin)
    }
    try step(.made(.device(device.device, owner: names.user)))
    try enable(device)
    try step(.deviceEnabled)
    return device
  }

  private func enable(_ device: borrowing NewVirtualMFADevice) throws {
    try withCodes(
      { try codes.pair(of: device.device, device.seed, after: $0) },
      { try iam.enableMFADevice(with: $0, forUser: names.user, signedBy: admin) })
  }

  private func makeKey() throws -> NewAccessKey {
    let key = try wait(for: .user, while: [.iam(.noSuchEntity)]) { () throws(AWSError) in
      try iam.createAccessKey(ofUser: names.user, signedBy: admin)
    }
    try step(.keyMade)
    return key
  }

  /// Gives the user the policy.
  private func writePolicy(_ policy: PolicyDocument) throws {
    try wait(for: .user, while: [.iam(.noSuchEntity)]) { () throws(AWSError) in
      try iam.putPolicy(policy, named: names.policy, ofUser: names.user, signedBy: admin)
    }
    try step(.policyWritten)
  }

  /// A role that trusts the user with MFA, and may list buckets.
  private func makeRole(trusting user: UserARN) throws -> RoleARN {
    let role = try create(.role(names.role)) {
      try wait(for: .trust, while: [.iam(.malformedPolicy)]) { () throws(AWSError) in
        try iam.createRole(names.role, trusting: .trustingWithMFA(user), tags: names.tags, signedBy: admin)
      }
    }
    try step(.made(.role(names.role)))
    try wait(for: .role, while: [.iam(.noSuchEntity)]) { () throws(AWSError) in
      try iam.putPolicy(.listingBuckets, named: names.policy, ofRole: names.role, signedBy: admin)
    }
    return role.arn
  }
}
