import AWSValues
import HTTP
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct IAMCallTests {
  @Test(arguments: IAMCall.all)
  func `a call says what is wanted, and nothing else`(call: IAMCall) throws {
    let bench = Bench([call.answer])
    try call.send(IAM(bench.client), Bench.longTermKey())
    let expected = call.parameters.merging(["Action": call.action, "Version": "2010-05-08"]) { $1 }
    #expect(bench.transport.requests.map(\.parameters) == [expected])
    #expect(bench.transport.requests[0].headers["authorization"]?.contains("/us-east-1/iam/") == true)
  }

  @Test(arguments: IAMCall.all)
  func `what carries codes is sent once, all else again when no answer came`(call: IAMCall) throws {
    let lost = ScriptedTransport.Step.failure(.timedOut(host: "h", seconds: 30))
    let bench = Bench([lost, call.answer])
    let error = bench.error { try call.send(IAM($0), Bench.longTermKey()) }
    #expect(bench.transport.requests.count == (call.isSentOnce ? 1 : 2))
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
      let bench = Bench(steps)
      #expect(bench.error { try creation(IAM($0), Bench.longTermKey()) } != nil)
      #expect(bench.transport.requests.count == 1)
    }
  }

  @Test func `a new user's path and tags are sent, and the user is read`() throws {
    let bench = Bench([
      .answer(
        200,
        """
        <CreateUserResponse><CreateUserResult><User><UserName>bob</UserName><Path>/team/</Path><UserId>AIDA</UserId>\
        <Arn>arn:aws:iam::123456789012:user/team/bob</Arn></User></CreateUserResult></CreateUserResponse>
        """)
    ])
    let user = try IAM(bench.client).createUser(
      IAMCall.made("bob"), path: IAMCall.made("/team/"), tags: [Tag(key: "for", value: "test")],
      signedBy: Bench.longTermKey())
    #expect(user.name?.text == "bob")
    #expect(UserARN(user.arn)?.name.text == "bob")
    let body = "UserName=bob&Path=%2Fteam%2F&Tags.member.1.Key=for&Tags.member.1.Value=test"
    #expect(bench.transport.requests[0].body == "Action=CreateUser&Version=2010-05-08&" + body)
  }

  @Test func `a new role's trust is sent, and its ARN is read`() throws {
    let arn = "arn:aws:iam::123456789012:role/x/r"
    let bench = Bench([
      .answer(
        200,
        """
        <CreateRoleResponse><CreateRoleResult><Role><RoleName>r</RoleName><Arn>\(arn)</Arn>\
        <CreateDate>2026-11-21T08:00:00Z</CreateDate></Role></CreateRoleResult></CreateRoleResponse>
        """)
    ])
    let user = try #require(UserARN("arn:aws:iam::123456789012:user/bob"))
    let role = try IAM(bench.client).createRole(
      IAMCall.made("r"), trusting: .trustingWithMFA(user), path: IAMCall.made("/x/"), signedBy: Bench.longTermKey())
    #expect(role == RoleDescription(name: try IAMCall.made("r"), arn: try IAMCall.made(arn), creationDate: Bench.now))
    let trust = bench.transport.requests[0].parameters["AssumeRolePolicyDocument"]
    #expect(
      trust
        == #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/bob"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}"#
    )
  }
}
