import AWSServices
import AWSValues
import Foundation
import HTTP
import OneTimeCodes
import Secrets
import TestSupport
import Testing

/// What a user and a role go through, as moto knows it. It takes any code, and looks at no conditions.
@Suite(.enabled(if: Python.isInstalled, Python.isMissing))
struct MotoIAMTests {
  private let aws: MotoServer.Account
  private let iam: IAM
  // No space in them: moto signs the form as Python writes it, with `+` for one, and not as it came.
  private let tags = [Tag(key: "made-by", value: "tests&co")]

  init() throws {
    aws = try MotoServer.account()
    iam = IAM(aws.client())
  }

  @Test func `a user's keys come and go`() throws {
    let name = try made("key-life", as: UserName.self)
    let user = try iam.createUser(name, path: made("/life/"), tags: tags, signedBy: admin())
    #expect(user.name == name && user.path == "/life/" && user.arn.hasSuffix(":user/life/key-life"))
    #expect(try iam.users(under: made("/life/"), signedBy: admin()).map(\.name) == [name])
    #expect(try iam.tags(ofUser: name, signedBy: admin()) == tags)
    let first = try iam.createAccessKey(ofUser: name, signedBy: admin())
    let second = try iam.createAccessKey(ofUser: name, signedBy: admin())
    #expect(refusal { _ = try iam.createAccessKey(ofUser: name, signedBy: admin()) } == .iam(.limitExceeded))
    let identity = try STS(aws.client()).callerIdentity(signedBy: first.credentials)
    #expect(identity.userName == name)
    try iam.updateAccessKey(second.id, ofUser: name, to: .inactive, signedBy: admin())
    #expect(try iam.accessKeys(ofUser: name, signedBy: admin()).map(\.status) == [.active, .inactive])
    #expect(try iam.lastUse(ofAccessKey: second.id, signedBy: admin()) == nil)
    try iam.deleteAccessKey(first.id, ofUser: name, signedBy: admin())
    try iam.deleteAccessKey(second.id, ofUser: name, signedBy: admin())
    #expect(refusal { try iam.deleteAccessKey(first.id, ofUser: name, signedBy: admin()) } == .iam(.noSuchEntity))
    try iam.deleteUser(name, signedBy: admin())
    #expect(refusal { _ = try iam.user(named: name, signedBy: admin()) } == .iam(.noSuchEntity))
  }

  @Test func `a user's device and policy come and go`() throws {
    let name = try made("device-life", as: UserName.self)
    _ = try iam.createUser(name, signedBy: admin())
    #expect(refusal { _ = try iam.createUser(name, signedBy: admin()) } == .iam(.entityAlreadyExists))
    let new = try iam.createVirtualMFADevice(named: made("device-life"), tags: tags, signedBy: admin())
    let device = new.device
    #expect(new.seed.base32.count == 64)
    try iam.enableMFADevice(with: codes(of: new), forUser: name, signedBy: admin())
    #expect(try iam.mfaDevices(ofUser: name, signedBy: admin()).map(\.device) == [device])
    let virtual = try iam.virtualMFADevices(.assigned, signedBy: admin())
    #expect(virtual.first { $0.device == device }?.user?.name == name)
    try iam.putPolicy(.listingBucketsWithMFA, named: made("p"), ofUser: name, signedBy: admin())
    #expect(try iam.policies(ofUser: name, signedBy: admin()).map(\.text) == ["p"])
    try iam.deletePolicy(made("p"), ofUser: name, signedBy: admin())
    try iam.deactivateMFADevice(device, ofUser: name, signedBy: admin())
    try iam.deleteVirtualMFADevice(device, signedBy: admin())
    #expect(!(try iam.virtualMFADevices(signedBy: admin()).map(\.device).contains(device)))
    try iam.deleteUser(name, signedBy: admin())
  }

  @Test func `a role comes and goes`() throws {
    let name = try made("life", as: RoleName.self)
    guard let alice = UserARN(aws.user) else { throw SetupFailure("no ARN: \(aws.user)") }
    let role = try iam.createRole(
      name, trusting: .trustingWithMFA(alice), path: made("/life/"), tags: tags, signedBy: admin())
    #expect(role.name == name && role.arn.text.hasSuffix(":role/life/life"))
    #expect(try iam.role(named: name, signedBy: admin()).arn == role.arn)
    #expect(try iam.roles(under: made("/life/"), signedBy: admin()).map(\.name) == [name])
    #expect(try iam.tags(ofRole: name, signedBy: admin()) == tags)
    try iam.putPolicy(.listingBuckets, named: made("p"), ofRole: name, signedBy: admin())
    #expect(try iam.policies(ofRole: name, signedBy: admin()).map(\.text) == ["p"])
    #expect(refusal { try iam.deleteRole(name, signedBy: admin()) } == .iam(.deleteConflict))
    try iam.deletePolicy(made("p"), ofRole: name, signedBy: admin())
    try iam.deleteRole(name, signedBy: admin())
    #expect(refusal { try iam.deleteRole(name, signedBy: admin()) } == .iam(.noSuchEntity))
  }

  private func admin() -> Credentials { aws.adminKey() }

  private func made<Value: RestrictedText>(_ text: String, as: Value.Type = Value.self) throws -> Value {
    guard let value = Value(text) else { throw SetupFailure("\(text) is no \(Value.self)") }
    return value
  }

  private func codes(of device: borrowing NewVirtualMFADevice) throws -> ConsecutiveCodes {
    let now = TimeStep(at: Date())
    guard let first = MFACode(try device.seed.code(of: now), of: device.device),
      let second = MFACode(try device.seed.code(of: now.next), of: device.device),
      let codes = ConsecutiveCodes(first, second)
    else { throw SetupFailure("no two codes") }
    return codes
  }

  private func refusal(of call: () throws -> Void) -> ServiceError.Meaning? {
    do {
      try call()
      return nil
    } catch {
      guard case .service(let refusal) = error as? AWSError else { return nil }
      return refusal.meaning
    }
  }
}
