import AWSDouble
import AWSServices
import AWSValues
import Foundation
import HTTP
import Secrets
import TestSupport
import Testing

/// AWS's two examples of MFA, made of our calls alone.
@Suite(.waiting)
struct MFAExampleTests {
  private let stage: Stage

  init() throws { stage = try Stage() }

  @Test func `a session token lists buckets with MFA only`() throws {
    let name = try stage.made("daypass-scenario-1", as: UserName.self)
    _ = try stage.iam.createUser(name, signedBy: stage.admin())
    let device = try stage.device(of: name)
    let key = try stage.iam.createAccessKey(ofUser: name, signedBy: stage.admin())
    try stage.iam.putPolicy(.listingBucketsWithMFA, named: stage.made("p"), ofUser: name, signedBy: stage.admin())
    let isKeySeen = try stage.isCarriedOutLate(after: .unknownKey) {
      _ = try STS(stage.client).callerIdentity(signedBy: key.credentials)
    }
    #expect(isKeySeen)
    let withoutMFA = try stage.refusal { _ = try S3(stage.client).buckets(signedBy: key.credentials) }
    #expect(withoutMFA == .accessDenied)
    let session = try STS(stage.client).sessionToken(
      duration: SessionDuration(seconds: 900), mfa: stage.code(of: TimeStep(at: Date()).next, device),
      signedBy: key.credentials)
    let buckets = try S3(stage.client).buckets(signedBy: session)
    #expect(buckets.count == 3)
    try stage.iam.deletePolicy(stage.made("p"), ofUser: name, signedBy: stage.admin())
    try tearDown(name, device: device.device, key: key.id)
  }

  @Test func `a role is assumed with MFA only`() throws {
    let (name, role) = (try stage.made("daypass-scenario-2", as: UserName.self), try stage.made("r", as: RoleName.self))
    let user = try stage.iam.createUser(name, signedBy: stage.admin())
    guard let arn = UserARN(user.arn) else { throw SetupFailure("no ARN: \(user.arn)") }
    let isUserSeen = try stage.isCarriedOutLate(after: .iam(.malformedPolicy)) {
      _ = try stage.iam.createRole(role, trusting: .trustingWithMFA(arn), signedBy: stage.admin())
    }
    #expect(isUserSeen)
    let roleARN = try #require(try stage.iam.roles(signedBy: stage.admin()).first { $0.name == role }).arn
    try stage.iam.putPolicy(.listingBuckets, named: stage.made("p"), ofRole: role, signedBy: stage.admin())
    try stage.iam.putPolicy(.assuming(roleARN), named: stage.made("p"), ofUser: name, signedBy: stage.admin())
    let device = try stage.device(of: name)
    let key = try stage.iam.createAccessKey(ofUser: name, signedBy: stage.admin())
    let request = AssumeRoleRequest(
      role: roleARN, sessionName: try stage.made("test"), duration: SessionDuration(seconds: 900))
    let isKeySeen = try stage.isCarriedOutLate(after: .unknownKey) {
      _ = try STS(stage.client).callerIdentity(signedBy: key.credentials)
    }
    #expect(isKeySeen)
    let withoutMFA = try stage.refusal { _ = try STS(stage.client).assumeRole(request, signedBy: key.credentials) }
    #expect(withoutMFA == .accessDenied)
    let session = try STS(stage.client).assumeRole(
      request, mfa: stage.code(of: TimeStep(at: Date()).next, device), signedBy: key.credentials)
    let buckets = try S3(stage.client).buckets(signedBy: session)
    #expect(buckets.count == 3)
    let conflict = try stage.refusal { try stage.iam.deleteRole(role, signedBy: stage.admin()) }
    #expect(conflict == .iam(.deleteConflict))
    try stage.iam.deletePolicy(stage.made("p"), ofRole: role, signedBy: stage.admin())
    try stage.iam.deleteRole(role, signedBy: stage.admin())
    try stage.iam.deletePolicy(stage.made("p"), ofUser: name, signedBy: stage.admin())
    try tearDown(name, device: device.device, key: key.id)
  }

  /// Removes the user and what it has, and sees that nothing remains.
  private func tearDown(_ name: UserName, device: MFADevice, key: AccessKeyID) throws {
    let conflict = try stage.refusal { try stage.iam.deleteUser(name, signedBy: stage.admin()) }
    #expect(conflict == .iam(.deleteConflict))
    try stage.iam.deleteAccessKey(key, ofUser: name, signedBy: stage.admin())
    let inUse = try stage.refusal { try stage.iam.deleteVirtualMFADevice(device, signedBy: stage.admin()) }
    #expect(inUse == .iam(.deleteConflict))
    try stage.iam.deactivateMFADevice(device, ofUser: name, signedBy: stage.admin())
    try stage.iam.deleteVirtualMFADevice(device, signedBy: stage.admin())
    try stage.iam.deleteUser(name, signedBy: stage.admin())
    #expect(try stage.iam.users(signedBy: stage.admin()).map(\.name?.text) == ["admin", "alice", "bob"])
    #expect(try stage.iam.virtualMFADevices(.unassigned, signedBy: stage.admin()).isEmpty)
  }
}

// MARK: - Stage

/// A double whose IAM is seen three calls late, and our client, as admin there.
final class Stage: Sendable {
  let aws: AWSDouble

  init() throws {
    aws = try AWSDouble.start()
    aws.propagation = Propagation(calls: 3)
  }

  deinit {
    do { try aws.stop() } catch { print(error) }
  }

  var client: AWSClient {
    let endpoints = Dictionary(uniqueKeysWithValues: Connection.Service.allCases.map { ($0, aws.url) })
    return AWSClient(
      connection: Connection(region: "us-east-1", endpoints: endpoints),
      transport: CurlTransport(userAgent: "daypass/test"),
      dependencies: ClientDependencies(now: { Date() }, random: { 0 }, pause: { _ in }))
  }

  var iam: IAM { IAM(client) }

  func admin() -> Credentials {
    Credentials(
      accessKeyID: "AKIAADMINMADEUPEXAMP",
      secretAccessKey: SecretBytes(copying: "adminK7MDENG/bPxRfiCYmadeup+EXAMPLEKEY00"))
  }

  func made<Value: RestrictedText>(_ text: String, as: Value.Type = Value.self) throws -> Value {
    guard let value = Value(text) else { throw SetupFailure("\(text) is no \(Value.self)") }
    return value
  }

  /// What AWS says to `call`: nil if it is carried out.
  func refusal(of call: () throws -> Void) throws -> ServiceError.Meaning? {
    do {
      try call()
      return nil
    } catch AWSError.service(let refusal) {
      return refusal.meaning
    }
  }

  /// Whether AWS carries `call` out after it refused it as given, since it did not see yet what was made.
  func isCarriedOutLate(after expected: ServiceError.Meaning, _ call: () throws -> Void) throws -> Bool {
    for attempt in 0..<5 {
      guard let refusal = try refusal(of: call) else { return attempt > 0 }
      guard refusal == expected else { return false }
    }
    return false
  }

  /// A device of the user's, whose codes up to this half minute's are spent.
  func device(of user: UserName) throws -> NewVirtualMFADevice {
    let new = try iam.createVirtualMFADevice(named: made(user.text), signedBy: admin())
    let now = TimeStep(at: Date())
    guard let codes = ConsecutiveCodes(try code(of: TimeStep(number: now.number - 1), new), try code(of: now, new))
    else {
      throw SetupFailure("no two codes")
    }
    try iam.enableMFADevice(with: codes, forUser: user, signedBy: admin())
    return new
  }

  func code(of step: TimeStep, _ device: borrowing NewVirtualMFADevice) throws -> MFACode {
    guard let code = MFACode(try device.seed.code(of: step), of: device.device) else { throw SetupFailure("no code") }
    return code
  }
}
