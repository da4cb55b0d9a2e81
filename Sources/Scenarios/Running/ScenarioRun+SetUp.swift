internal import AWSServices
internal import AWSValues
internal import Secrets

extension ScenarioRun {
  private var iam: IAM { services.iam }

  private var propagation: Propagation { Propagation(time: time, tell: tell) }

  /// What IAM is told about the user needs IAM to see it.
  func makeUser() throws -> UserARN {
    try time.wait(.zero)
    ledger.record(.user(names.user))
    let user = try iam.createUser(names.user, tags: names.tags, signedBy: admin)
    try step(.made(.user(names.user)))
    guard let arn = UserARN(user.arn) else { throw ScenarioError.unusableARN(user.arn) }
    _ = try propagation.wait(for: .user, while: [.iam(.noSuchEntity)]) { () throws(AWSError) in
      try iam.user(named: names.user, signedBy: admin)
    }
    return arn
  }

  /// A device that is the user's.
  func makeDevice(of user: UserARN) throws -> NewVirtualMFADevice {
    let partition = user.text.split(separator: ":")[1]
    let text = "arn:\(partition):iam::\(user.account):mfa/\(names.device.text)"
    guard let expected = MFADevice(text) else { throw ScenarioError.unusableARN(text) }
    ledger.record(.device(expected, owner: names.user))
    let device = try iam.createVirtualMFADevice(named: names.device, tags: names.tags, signedBy: admin)
    try step(.made(.device(device.device, owner: names.user)))
    try enable(device)
    try step(.deviceEnabled)
    return device
  }

  private func enable(_ device: borrowing NewVirtualMFADevice) throws {
    try withCodes { refusal in
      let pair = try codes.pair(of: device.device, device.seed, after: refusal)
      try iam.enableMFADevice(with: pair, forUser: names.user, signedBy: admin)
    }
  }

  func makeKey() throws -> NewAccessKey {
    let key = try propagation.wait(for: .user, while: [.iam(.noSuchEntity)]) { () throws(AWSError) in
      try iam.createAccessKey(ofUser: names.user, signedBy: admin)
    }
    try step(.keyMade)
    return key
  }

  /// Gives the user the policy.
  func writePolicy(_ policy: PolicyDocument) throws {
    try propagation.wait(for: .user, while: [.iam(.noSuchEntity)]) { () throws(AWSError) in
      try iam.putPolicy(policy, named: names.policy, ofUser: names.user, signedBy: admin)
    }
    try step(.policyWritten)
  }

  /// A role that trusts the user with MFA, and may list buckets.
  func makeRole(trusting user: UserARN) throws -> RoleARN {
    ledger.record(.role(names.role))
    let role = try propagation.wait(for: .trust, while: [.iam(.malformedPolicy)]) { () throws(AWSError) in
      try iam.createRole(names.role, trusting: .trustingWithMFA(user), tags: names.tags, signedBy: admin)
    }
    try step(.made(.role(names.role)))
    try propagation.wait(for: .role, while: [.iam(.noSuchEntity)]) { () throws(AWSError) in
      try iam.putPolicy(.listingBuckets, named: names.policy, ofRole: names.role, signedBy: admin)
    }
    return role.arn
  }
}
