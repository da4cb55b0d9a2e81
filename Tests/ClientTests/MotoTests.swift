import AWSServices
import AWSValues
import Foundation
import HTTP
import Secrets
import TestSupport
import Testing

/// moto checks every signature with botocore's code, and policies by its own.
@Suite(.waiting, .enabled(if: Python.isInstalled, Python.isMissing))
struct MotoServicesTests {
  @Test func `moto accepts our signatures on STS, IAM and S3, and we read its answers`() throws {
    let aws = try MotoServer.account()
    let key = aws.key()
    let client = aws.client()
    let identity = try STS(client).callerIdentity(signedBy: key)
    let user = try IAM(client).user(signedBy: key)
    let devices = try IAM(client).mfaDevices(ofUser: UserName("alice"), signedBy: key)
    let buckets = try S3(client).buckets(signedBy: key)
    #expect(identity.arn == aws.user)
    #expect(user.arn == aws.user)
    #expect(devices.map(\.device.text) == [aws.device])
    #expect(buckets.map(\.name) == ["backups", "logs", "website"])
  }

  @Test func `moto gives a session for a code, which it does not check`() throws {
    let aws = try MotoServer.account()
    let session = try STS(aws.client()).sessionToken(
      duration: aws.duration("15m"), mfa: aws.code(), signedBy: aws.key())
    let timeLeft = session.timeLeft(at: Date()) ?? 0
    let hasToken = session.sessionToken.exists
    #expect((840...901).contains(timeLeft))
    #expect(hasToken)
  }

  @Test(arguments: [false, true])
  func `a role's session, with token, is accepted as the role`(hasCode: Bool) throws {
    let aws = try MotoServer.account()
    let client = aws.client()
    let assumed = try STS(client).assumeRole(
      try aws.roleRequest(aws.role), mfa: hasCode ? aws.code() : nil, signedBy: aws.key())
    let identity = try STS(client).callerIdentity(signedBy: assumed)
    let buckets = try S3(client).buckets(signedBy: assumed)
    #expect(identity.arn.hasSuffix(":assumed-role/Reader/tester"))
    #expect(buckets.map(\.name) == ["backups", "logs", "website"])
  }

  @Test func `moto takes a role's policies, tags and source identity, and keeps the policy`() throws {
    let moto = try MotoServer()
    defer { withExtendedLifetime(moto) {} }
    let aws = moto.account
    var request = try aws.roleRequest(aws.role)
    request.scope.policy = SessionPolicy(allowing: ["s3:ListAllMyBuckets", "s3:ListBuckets", "sts:*"])
    request.scope.policyARNs = ["ReadOnlyAccess", "job-function/ViewOnlyAccess"].compactMap {
      PolicyARN("arn:aws:iam::aws:policy/\($0)")
    }
    request.scope.tags = ["team=data", "project=x/y:z@1"].compactMap { SessionTag($0) }
    request.scope.transitiveTagKeys = ["team"]
    request.scope.sourceIdentity = SourceIdentity("alice@example.com")
    #expect(request.scope.policyARNs.count == 2 && request.scope.tags.count == 2)
    let assumed = try STS(aws.client()).assumeRole(request, signedBy: aws.key())
    let identity = try STS(aws.client()).callerIdentity(signedBy: assumed)
    #expect(identity.arn.hasSuffix(":assumed-role/Reader/tester"))
    // Of all that, it keeps the policy.
    let kept = try CurlTransport(userAgent: "daypass/test").send(
      HTTPRequest(method: .get, url: URLText(strictly: aws.url + "/moto-api/data.json")))
    let state = try #require(kept.body.revealed().map { Data($0.utf8) })
    let backends = try #require(try JSONSerialization.jsonObject(with: state) as? [String: [String: Any]])
    let roles = try #require(backends["sts"]?["AssumedRole"] as? [[String: Any]])
    #expect(roles.contains { $0["policy"] as? String == request.scope.policy?.text })
  }

  @Test func `moto's refusals are distinguished`() throws {
    let aws = try MotoServer.account()
    let wrong = aws.key(secret: String(aws.secret.reversed()))
    let unknown = Credentials(accessKeyID: "AKIAMADEUPMADEUP0000", secretAccessKey: SecretBytes(copying: "made up"))
    let powerless = try STS(aws.client()).assumeRole(aws.roleRequest(aws.powerlessRole), signedBy: aws.key())
    let refusals = try [aws.refusals(of: wrong), aws.refusals(of: unknown), aws.refusals(of: powerless)]
    #expect(refusals[0] == [.signatureMismatch, .signatureMismatch, .signatureMismatch])
    #expect(refusals[1] == [.unknownKey, .unknownKey, .unknownKey])
    // GetCallerIdentity is allowed to everybody.
    #expect(refusals[2] == [nil, .accessDenied, .accessDenied])
  }
}

// MARK: - Moto command tests

@Suite(.waiting, .enabled(if: ClientWorld.isInstalled, ClientWorld.isMissing))
struct MotoCommandTests {
  private let aws: MotoServer.Account
  private let world: ClientWorld

  init() throws {
    aws = try MotoServer.account()
    world = try ClientWorld(
      endpoint: aws.url,
      config: """
        [profile alice]
        region = us-east-1
        [profile reader]
        role_arn = \(aws.role)
        role_session_name = tester
        source_profile = alice
        region = us-east-1
        [profile long]
        role_arn = \(aws.role)
        role_session_name = tester
        source_profile = alice
        mfa_serial = \(aws.device)
        duration_seconds = 7200
        region = us-east-1

        """)
  }

  @Test func `a key that moto knows is added, and its commands work`() throws {
    let added = try world.add("alice", keyID: aws.keyID, secret: aws.secret)
    #expect(added.status == .exited(0))
    #expect(added.errorText.contains("daypass: this key belongs to \(aws.user)\n"))
    #expect(try world.output(of: "daypass whoami alice --no-session").contains(aws.user))
    #expect(try world.output(of: "daypass list-buckets alice --no-session").contains("  website\n"))
    #expect(try world.output(of: "daypass whoami reader").contains(":assumed-role/Reader/tester"))
    #expect(try world.output(of: "daypass list-buckets reader").contains("  website\n"))
    let caller: CallerReport = try world.answer(of: "caller", under: "daypass exec reader --")
    #expect(caller.arn.hasSuffix(":assumed-role/Reader/tester"))
    #expect(caller.buckets == ["backups", "logs", "website"])
    #expect(try world.output(of: "daypass exec long --mfa-code 123456 -- aws s3 ls").contains(" website\n"))
  }

  @Test func `a wrong secret is refused as such, and not kept`() throws {
    let added = try world.add("alice", keyID: aws.keyID, secret: String(aws.secret.reversed()))
    #expect(added.status == .exited(77))
    let text = "daypass: nothing was stored: the secret access key is wrong for this key ID (SignatureDoesNotMatch"
    #expect(added.errorText.hasPrefix(text))
    #expect(!added.errorText.contains(aws.secret.reversed()))
    #expect(try world.sh("daypass whoami alice").status == .exited(66))
  }

  @Test func `a key that moto does not know is refused as such`() throws {
    let added = try world.add("alice", keyID: "AKIAMADEUPMADEUP0000", secret: "made/up")
    #expect(added.status == .exited(77))
    #expect(added.errorText.hasPrefix("daypass: nothing was stored: AWS does not accept the access key"))
  }
}

// MARK: - Moto IAM tests

/// What a user and a role go through, as moto knows it. It takes any code, and looks at no conditions.
@Suite(.waiting, .enabled(if: Python.isInstalled, Python.isMissing))
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
    let user = try iam.createUser(name, tags: tags, signedBy: admin())
    #expect(user.name == name && user.arn.hasSuffix(":user/key-life"))
    #expect(try iam.users(signedBy: admin()).contains { $0.name == name })
    #expect(try iam.tags(ofUser: name, signedBy: admin()) == tags)
    let first = try iam.createAccessKey(ofUser: name, signedBy: admin())
    let second = try iam.createAccessKey(ofUser: name, signedBy: admin())
    #expect(refusal { _ = try iam.createAccessKey(ofUser: name, signedBy: admin()) } == .iam(.limitExceeded))
    let identity = try STS(aws.client()).callerIdentity(signedBy: first.credentials)
    #expect(UserARN(identity.arn)?.name == name)
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
    let virtual = try iam.virtualMFADevices(signedBy: admin())
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
    let role = try iam.createRole(name, trusting: .trustingWithMFA(alice), tags: tags, signedBy: admin())
    #expect(role.name == name && role.arn.text.hasSuffix(":role/life"))
    #expect(try iam.roles(signedBy: admin()).contains { $0.name == name && $0.arn == role.arn })
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
