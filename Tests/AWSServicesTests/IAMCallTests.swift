import AWSValues
import HTTP
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct IAMCallTests {
  @Test(arguments: IAMCall.all)
  func `a call says what is wanted, and nothing else`(call: IAMCall) throws {
    let fixture = Fixture([call.answer])
    try call.send(IAM(fixture.client), Fixture.longTermKey())
    let expected = call.parameters.merging(["Action": call.action, "Version": "2010-05-08"]) { $1 }
    #expect(fixture.transport.requests.map(\.parameters) == [expected])
    #expect(fixture.transport.requests[0].headers["authorization"]?.contains("/us-east-1/iam/") == true)
  }

  @Test(arguments: IAMCall.all)
  func `what carries codes is sent once, all else again when no answer came`(call: IAMCall) throws {
    let lost = ScriptedTransport.Step.failure(.timedOut(host: "h", seconds: 30))
    let fixture = Fixture([lost, call.answer])
    let error = fixture.error { try call.send(IAM($0), Fixture.longTermKey()) }
    #expect(fixture.transport.requests.count == (call.isSentOnce ? 1 : 2))
    #expect((error == nil) == !call.isSentOnce)
  }

  @Test(arguments: [503, 429])
  func `what creates something is sent once`(status: Int) throws {
    let steps = [ScriptedTransport.Step.answer(status, ""), .answer(status, "")]
    let creations: [(IAM, borrowing Credentials) throws -> Void] = [
      { _ = try $0.createUser(IAMCall.made("bob"), signedBy: $1) }, { _ = try $0.createAccessKey(signedBy: $1) },
      { _ = try $0.createVirtualMFADevice(named: IAMCall.made("bob"), signedBy: $1) },
      { _ = try $0.createRole(IAMCall.made("r"), trusting: .listingBuckets, signedBy: $1) },
    ]
    for creation in creations {
      let fixture = Fixture(steps)
      #expect(fixture.error { try creation(IAM($0), Fixture.longTermKey()) } != nil)
      #expect(fixture.transport.requests.count == 1)
    }
  }

  @Test func `a new user's tags are sent, and the user is read`() throws {
    let fixture = Fixture([
      .answer(
        200,
        """
        <CreateUserResponse><CreateUserResult><User><UserName>bob</UserName><Path>/team/</Path><UserId>AIDA</UserId>\
        <Arn>arn:aws:iam::123456789012:user/team/bob</Arn></User></CreateUserResult></CreateUserResponse>
        """)
    ])
    let user = try IAM(fixture.client).createUser(
      IAMCall.made("bob"),
      tags: [Tag(key: "for", value: "test"), Tag(key: "a b", value: "é&"), Tag(key: "c", value: "")],
      signedBy: Fixture.longTermKey())
    #expect(user.name?.text == "bob")
    #expect(UserARN(user.arn)?.name.text == "bob")
    let body =
      "UserName=bob&Tags.member.1.Key=for&Tags.member.1.Value=test&Tags.member.2.Key=a%20b"
      + "&Tags.member.2.Value=%C3%A9%26&Tags.member.3.Key=c&Tags.member.3.Value="
    #expect(fixture.transport.requests[0].body == "Action=CreateUser&Version=2010-05-08&" + body)
  }

  @Test func `a new role's trust is sent, and its ARN is read`() throws {
    let arn = "arn:aws:iam::123456789012:role/x/r"
    let fixture = Fixture([
      .answer(
        200,
        """
        <CreateRoleResponse><CreateRoleResult><Role><RoleName>r</RoleName><Arn>\(arn)</Arn>\
        <CreateDate>2026-11-21T08:00:00Z</CreateDate></Role></CreateRoleResult></CreateRoleResponse>
        """)
    ])
    let user = try #require(UserARN("arn:aws:iam::123456789012:user/bob"))
    let role = try IAM(fixture.client).createRole(
      IAMCall.made("r"), trusting: .trustingWithMFA(user), signedBy: Fixture.longTermKey())
    #expect(role == RoleDescription(name: try IAMCall.made("r"), arn: try IAMCall.made(arn)))
    let trust = fixture.transport.requests[0].parameters["AssumeRolePolicyDocument"]
    #expect(
      trust
        == #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/bob"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}"#
    )
  }
}

// MARK: - IAM call

/// The calls of IAM that answer nothing but that they were carried out, or what a list has nothing of.
struct IAMCall: CustomTestStringConvertible, Sendable {
  let action: String
  let parameters: [String: String]
  var isSentOnce = false
  let send: @Sendable (IAM, borrowing Credentials) throws -> Void

  init(
    _ action: String, _ parameters: [String: String],
    _ send: @escaping @Sendable (IAM, borrowing Credentials) throws -> Void
  ) {
    (self.action, self.parameters, self.send) = (action, parameters, send)
  }

  var testDescription: String { action }

  var answer: ScriptedTransport.Step {
    .answer(
      200, "<\(action)Response><\(action)Result><IsTruncated>false</IsTruncated></\(action)Result></\(action)Response>")
  }

  var sentOnce: IAMCall {
    var call = self
    call.isSentOnce = true
    return call
  }
}

// MARK: - All

extension IAMCall {
  static let all = users + keys + devices + roles + policies

  private static let users = [
    IAMCall("DeleteUser", ["UserName": "bob"]) { try $0.deleteUser(made("bob"), signedBy: $1) },
    IAMCall("ListUsers", [:]) { _ = try $0.users(signedBy: $1) },
    IAMCall("ListUserTags", ["UserName": "bob"]) { _ = try $0.tags(ofUser: made("bob"), signedBy: $1) },
  ]

  private static let key = "AKIAIOSFODNN7EXAMPLE"

  private static let keys = [
    IAMCall("ListAccessKeys", [:]) { _ = try $0.accessKeys(signedBy: $1) },
    IAMCall("ListAccessKeys", ["UserName": "bob"]) { _ = try $0.accessKeys(ofUser: made("bob"), signedBy: $1) },
    IAMCall("UpdateAccessKey", ["AccessKeyId": key, "Status": "Inactive"]) {
      try $0.updateAccessKey(made(key), to: .inactive, signedBy: $1)
    },
    IAMCall("DeleteAccessKey", ["AccessKeyId": key, "UserName": "bob"]) {
      try $0.deleteAccessKey(made(key), ofUser: made("bob"), signedBy: $1)
    },
  ]

  private static let device = "arn:aws:iam::123456789012:mfa/bob"
  private static let codes = ["SerialNumber": device, "AuthenticationCode1": "000001", "AuthenticationCode2": "123456"]

  private static let devices = [
    IAMCall("EnableMFADevice", codes.merging(["UserName": "bob"]) { $1 }) {
      try $0.enableMFADevice(with: madeCodes(), forUser: made("bob"), signedBy: $1)
    }.sentOnce,
    IAMCall("ResyncMFADevice", codes.merging(["UserName": "bob"]) { $1 }) {
      try $0.resyncMFADevice(with: madeCodes(), ofUser: made("bob"), signedBy: $1)
    }.sentOnce,
    IAMCall("DeactivateMFADevice", ["SerialNumber": device, "UserName": "bob"]) {
      try $0.deactivateMFADevice(made(device), ofUser: made("bob"), signedBy: $1)
    },
    IAMCall("DeleteVirtualMFADevice", ["SerialNumber": device]) {
      try $0.deleteVirtualMFADevice(made(device), signedBy: $1)
    },
    IAMCall("ListVirtualMFADevices", ["AssignmentStatus": "Unassigned"]) {
      _ = try $0.virtualMFADevices(.unassigned, signedBy: $1)
    },
    IAMCall("ListMFADeviceTags", ["SerialNumber": device]) { _ = try $0.tags(ofDevice: made(device), signedBy: $1) },
  ]

  private static let roles = [
    IAMCall("DeleteRole", ["RoleName": "r"]) { try $0.deleteRole(made("r"), signedBy: $1) },
    IAMCall("ListRoles", [:]) { _ = try $0.roles(signedBy: $1) },
    IAMCall("ListRoleTags", ["RoleName": "r"]) { _ = try $0.tags(ofRole: made("r"), signedBy: $1) },
  ]

  private static let document = PolicyDocument.listingBuckets

  private static let policies = [
    IAMCall("PutUserPolicy", ["UserName": "bob", "PolicyName": "p", "PolicyDocument": document.json]) {
      try $0.putPolicy(document, named: made("p"), ofUser: made("bob"), signedBy: $1)
    },
    IAMCall("DeleteUserPolicy", ["UserName": "bob", "PolicyName": "p"]) {
      try $0.deletePolicy(made("p"), ofUser: made("bob"), signedBy: $1)
    },
    IAMCall("ListUserPolicies", ["UserName": "bob"]) { _ = try $0.policies(ofUser: made("bob"), signedBy: $1) },
    IAMCall("PutRolePolicy", ["RoleName": "r", "PolicyName": "p", "PolicyDocument": document.json]) {
      try $0.putPolicy(document, named: made("p"), ofRole: made("r"), signedBy: $1)
    },
    IAMCall("DeleteRolePolicy", ["RoleName": "r", "PolicyName": "p"]) {
      try $0.deletePolicy(made("p"), ofRole: made("r"), signedBy: $1)
    },
    IAMCall("ListRolePolicies", ["RoleName": "r"]) { _ = try $0.policies(ofRole: made("r"), signedBy: $1) },
  ]

  /// The value that the text is.
  static func made<Value: RestrictedText>(_ text: String) throws -> Value {
    guard let value = Value(text) else { throw SetupFailure("\(text) is no \(Value.self)") }
    return value
  }

  private static func madeCodes() throws -> ConsecutiveCodes {
    let device: MFADevice = try made(device)
    guard let first = MFACode(SecretBytes(copying: "000001"), of: device),
      let second = MFACode(SecretBytes(copying: "123456"), of: device), let codes = ConsecutiveCodes(first, second)
    else { throw SetupFailure("no codes") }
    return codes
  }
}
