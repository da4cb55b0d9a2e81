import AWSDouble
import Foundation
import Testing

struct IAMTests {
  @Test func `a user with a path is named by it`() throws {
    let answer = try Fixture().iam("GetUser", as: .bob)
    #expect(answer?["Arn"] == "arn:aws:iam::123456789012:user/team/bob")
    #expect(answer?["UserName"] == "bob" && answer?["Path"] == "/team/")
  }

  @Test func `a session without mfa is no good for iam`() throws {
    let fixture = try Fixture()
    let plain = try #require(fixture.sts("GetSessionToken")?.key)
    #expect(fixture.iam("GetUser", as: plain)?["Code"] == "InvalidClientTokenId")
    #expect(fixture.iam("GetUser", as: try fixture.mfaSession())?.status == 200)
  }

  @Test func `a user without iam GetUser is told so`() throws {
    let fixture = try Fixture { $0[user: "alice"]?.deniedActions = ["iam:GetUser"] }
    let answer = fixture.iam("GetUser")
    #expect(answer?["Code"] == "AccessDenied")
    #expect(answer?["Message"]?.contains("not authorized to perform: iam:GetUser on resource") == true)
  }

  @Test func `a name that nobody has is no such entity`() throws {
    let answer = try Fixture().iam("GetUser", ["UserName": "carol"])
    #expect(answer?["Code"] == "NoSuchEntity" && answer?.status == 404)
  }

  @Test func `devices come page by page`() throws {
    let fixture = try Fixture {
      let serials = (1...3).map { "arn:aws:iam::123456789012:mfa/phone-\($0)" }
      $0[user: "alice"]?.mfaDevices = serials.map { VirtualMFADevice(serial: $0, seed: "JBSWY3DPEHPK3PXP") }
    }
    let first = fixture.iam("ListMFADevices", ["MaxItems": "2"])
    #expect(first?["IsTruncated"] == "true" && first?.all("SerialNumber").count == 2)
    let rest = fixture.iam("ListMFADevices", ["Marker": try #require(first?["Marker"])])
    #expect(rest?["IsTruncated"] == "false" && rest?["Marker"] == nil)
    #expect(rest?.all("SerialNumber") == ["arn:aws:iam::123456789012:mfa/phone-3"])
  }

  @Test func `iam may give a shorter page than was asked for`() throws {
    let fixture = try Fixture {
      $0.iamPageSize = 1
      $0[user: "alice"]?.mfaDevices += [VirtualMFADevice(serial: "arn:aws:iam::123456789012:mfa/two", seed: "AAAA")]
    }
    #expect(fixture.iam("ListMFADevices")?["IsTruncated"] == "true")
  }
}

// MARK: - User life tests

struct UserLifeTests {
  @Test func `a user is made, found by its path, and deleted`() throws {
    let fixture = try Fixture()
    let tag = ["Tags.member.1.Key": "a", "Tags.member.1.Value": "b"]
    let answer = fixture.admin("CreateUser", ["UserName": "eve", "Path": "/x/"].merging(tag) { $1 })
    #expect(answer?["Arn"] == "arn:aws:iam::123456789012:user/x/eve")
    #expect(answer?["CreateDate"] == "2030-01-01T12:00:00Z")
    #expect(fixture.admin("ListUsers", ["PathPrefix": "/x/"])?.all("UserName") == ["eve"])
    #expect(fixture.refusal("TagUser", ["UserName": "eve"].merging(tag) { $1 }) == nil)
    #expect(fixture.admin("ListUserTags", ["UserName": "eve"])?.all("Value") == ["b"])
    #expect(fixture.refusal("CreateUser", ["UserName": "EVE"]) == "EntityAlreadyExists")
    #expect(fixture.refusal("DeleteUser", ["UserName": "eve"]) == nil)
    #expect(fixture.refusal("DeleteUser", ["UserName": "eve"]) == "NoSuchEntity")
    #expect(fixture.admin("ListUsers")?.all("UserName") == ["admin", "alice", "bob"])
  }

  @Test func `a user is deleted only when nothing is left in it`() throws {
    let fixture = try Fixture()
    #expect(fixture.refusal("CreateUser", ["UserName": "eve"]) == nil)
    let (key, device) = (try fixture.key(of: "eve"), try fixture.device("eve"))
    #expect(fixture.refusal("EnableMFADevice", device.codes(from: -1, of: "eve")) == nil)
    let policy = ["UserName": "eve", "PolicyName": "p"]
    #expect(fixture.refusal("PutUserPolicy", policy.merging(["PolicyDocument": Fixture.listBuckets]) { $1 }) == nil)
    for (action, parameters) in [
      ("DeleteAccessKey", ["UserName": "eve", "AccessKeyId": key.id]),
      ("DeactivateMFADevice", ["UserName": "eve", "SerialNumber": device.serial]), ("DeleteUserPolicy", policy),
    ] {
      #expect(fixture.refusal("DeleteUser", ["UserName": "eve"]) == "DeleteConflict")
      #expect(fixture.refusal(action, parameters) == nil)
      #expect(fixture.refusal(action, parameters) == "NoSuchEntity")
    }
    #expect(fixture.refusal("DeleteUser", ["UserName": "eve"]) == nil)
  }

  @Test(arguments: ["CreateUser", "DeleteUser", "CreateAccessKey"])
  func `who may not administer IAM changes nobody else`(action: String) throws {
    #expect(try Fixture().refusal(action, ["UserName": "admin"], as: .alice) == "AccessDenied")
  }

  @Test(arguments: [
    ["UserName": "eve", "Colour": "red"], [:], ["UserName": "e v e"], ["UserName": "eve", "Path": "x"],
    ["UserName": "eve", "Tags.member.2.Key": "a", "Tags.member.2.Value": "b"],
  ])
  func `what IAM would not understand is refused`(parameters: [String: String]) throws {
    #expect(try Fixture().refusal("CreateUser", parameters) == "ValidationError")
  }

  @Test func `something carries out every action of IAM`() throws {
    let fixture = try Fixture()
    let others: Set<Action> = [
      .assumeRole, .assumeRoleWithWebIdentity, .getSessionToken, .getFederationToken, .getCallerIdentity, .listBuckets,
    ]
    for action in Set(Action.allCases).subtracting(others) {
      #expect(fixture.refusal(action.rawValue) != "InvalidAction", "\(action)")
    }
  }
}

// MARK: - Role life tests

struct RoleLifeTests {
  private static let account = "arn:aws:iam::123456789012:"

  private func trust(_ principal: String, _ condition: String = ", " + Fixture.withMFA) -> String {
    Fixture.policy(#""Action": "sts:AssumeRole", "Principal": {"AWS": "\#(Self.account)\#(principal)"}"# + condition)
  }

  private func create(_ trust: String, on fixture: Fixture) -> String? {
    fixture.refusal("CreateRole", ["RoleName": "r", "AssumeRolePolicyDocument": trust])
  }

  private func assume(_ fixture: Fixture, _ more: [String: String] = [:], as key: TestKey = .alice) -> Answer? {
    let role = ["RoleArn": Self.account + "role/r", "RoleSessionName": "test"]
    return fixture.sts("AssumeRole", role.merging(more) { $1 }, as: key)
  }

  @Test func `a role that trusts with MFA is assumed with MFA only`() throws {
    let fixture = try Fixture()
    #expect(create(trust("user/alice"), on: fixture) == nil)
    #expect(assume(fixture)?["Code"] == "AccessDenied")
    #expect(assume(fixture, as: .bob)?["Code"] == "AccessDenied")
    let session = try #require(assume(fixture, ["SerialNumber": Fixture.device, "TokenCode": fixture.code])?.key)
    #expect(fixture.listBuckets(as: session)?["Code"] == "AccessDenied")
    let policy = ["RoleName": "r", "PolicyName": "p", "PolicyDocument": Fixture.listBuckets]
    #expect(fixture.refusal("PutRolePolicy", policy) == nil)
    #expect(fixture.listBuckets(as: session)?.status == 200)
    #expect(assume(fixture, as: try fixture.mfaSession())?.status == 200)
  }

  @Test func `a role that trusts the account is assumed by whom a policy lets`() throws {
    let fixture = try Fixture()
    #expect(fixture.refusal("CreateUser", ["UserName": "eve"]) == nil)
    let key = try fixture.key(of: "eve")
    #expect(create(trust("root", ""), on: fixture) == nil)
    #expect(assume(fixture, as: key)?["Code"] == "AccessDenied")
    let document = Fixture.policy(#""Action": "sts:AssumeRole", "Resource": "\#(Self.account)role/r""#)
    let policy = ["UserName": "eve", "PolicyName": "p", "PolicyDocument": document]
    #expect(fixture.refusal("PutUserPolicy", policy) == nil)
    #expect(assume(fixture, as: key)?.status == 200)
  }

  @Test func `a role is found, and deleted when it has no policies`() throws {
    let fixture = try Fixture()
    let parameters = [
      "RoleName": "r", "Path": "/x/", "AssumeRolePolicyDocument": trust("user/alice"), "Tags.member.1.Key": "a",
      "Tags.member.1.Value": "b",
    ]
    #expect(fixture.admin("CreateRole", parameters)?["Arn"] == Self.account + "role/x/r")
    #expect(fixture.refusal("CreateRole", parameters) == "EntityAlreadyExists")
    #expect(fixture.admin("GetRole", ["RoleName": "r"])?["Path"] == "/x/")
    #expect(fixture.admin("ListRoles", ["PathPrefix": "/x/"])?.all("RoleName") == ["r"])
    #expect(fixture.admin("ListRoleTags", ["RoleName": "r"])?.all("Value") == ["b"])
    let policy = ["RoleName": "r", "PolicyName": "p"]
    #expect(fixture.refusal("PutRolePolicy", policy.merging(["PolicyDocument": Fixture.listBuckets]) { $1 }) == nil)
    #expect(fixture.admin("ListRolePolicies", ["RoleName": "r"])?.all("member") == ["p"])
    #expect(fixture.refusal("DeleteRole", ["RoleName": "r"]) == "DeleteConflict")
    #expect(fixture.refusal("DeleteRolePolicy", policy) == nil)
    #expect(fixture.refusal("DeleteRole", ["RoleName": "r"]) == nil)
    #expect(fixture.refusal("GetRole", ["RoleName": "r"]) == "NoSuchEntity")
  }

  @Test func `a trust names whom IAM sees already`() throws {
    let fixture = try Fixture()
    #expect(create(trust("user/nobody"), on: fixture) == "MalformedPolicyDocument")
    fixture.aws.propagation = Propagation(calls: 1)
    #expect(fixture.refusal("CreateUser", ["UserName": "eve"]) == nil)
    #expect(create(trust("user/eve"), on: fixture) == "MalformedPolicyDocument")
    #expect(create(trust("user/eve"), on: fixture) == nil)
  }
}

// MARK: - Policy tests

struct PolicyTests {
  /// A new user's key.
  private func eve(on fixture: Fixture) throws -> TestKey {
    #expect(fixture.refusal("CreateUser", ["UserName": "eve"]) == nil)
    return try fixture.key(of: "eve")
  }

  private func put(_ policy: String, on fixture: Fixture) -> String? {
    fixture.refusal("PutUserPolicy", ["UserName": "eve", "PolicyName": "p", "PolicyDocument": policy])
  }

  @Test func `a new user may do nothing but ask who it is, and for a session`() throws {
    let fixture = try Fixture()
    let key = try eve(on: fixture)
    #expect(fixture.sts("GetCallerIdentity", as: key)?["Arn"] == "arn:aws:iam::123456789012:user/eve")
    #expect(fixture.listBuckets(as: key)?["Code"] == "AccessDenied")
    #expect(fixture.iam("GetUser", as: key)?["Code"] == "AccessDenied")
    #expect(fixture.sts("GetSessionToken", as: key)?.status == 200)
  }

  @Test func `buckets are listed with MFA only if the policy says so`() throws {
    let fixture = try Fixture()
    let (key, device) = (try eve(on: fixture), try fixture.device("eve"))
    #expect(
      put(Fixture.policy(#""Action": ["s3:ListAllMyBuckets"], "Resource": "*", "# + Fixture.withMFA), on: fixture)
        == nil)
    #expect(fixture.listBuckets(as: key)?["Code"] == "AccessDenied")
    let plain = try #require(fixture.sts("GetSessionToken", as: key)?.key)
    #expect(fixture.listBuckets(as: plain)?["Code"] == "AccessDenied")
    #expect(fixture.refusal("EnableMFADevice", device.codes(from: -1, of: "eve")) == nil)
    let code = ["SerialNumber": device.serial, "TokenCode": device.code(1)]
    let session = try #require(fixture.sts("GetSessionToken", code, as: key)?.key)
    #expect(fixture.listBuckets(as: session)?.status == 200)
  }

  @Test(arguments: [
    (#""Action": "s3:*", "Resource": "*""#, 200),
    (#""Action": "s3:ListAllMyBucket?", "Resource": ["arn:aws:s3:::*"]"#, 200),
    (#""Action": "s3:GetObject", "Resource": "*""#, 403), (#""Action": "s3:*", "Resource": "arn:aws:s3:::one/*""#, 403),
    (#""Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#, 403),
    (#""Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}"#, 200),
  ])
  func `a policy allows what it names`(members: String, status: Int) throws {
    let fixture = try Fixture()
    let key = try eve(on: fixture)
    #expect(put(Fixture.policy(members), on: fixture) == nil)
    #expect(fixture.listBuckets(as: key)?.status == status)
    #expect(put(Fixture.policy(members, effect: "Deny"), on: fixture) == nil)
    #expect(fixture.listBuckets(as: key)?.status == 403)
  }

  @Test(arguments: [
    "{}", "[]", "text", #"{"Version": "2008-10-17", "Statement": []}"#, #"{"Version": "2012-10-17", "Statement": []}"#,
    Fixture.policy(#""Action": "s3:*""#), Fixture.policy(#""Resource": "*""#),
    Fixture.policy(#""Action": "s3:*", "Resource": "*", "Colour": "red""#),
    Fixture.policy(#""Action": "s3:*", "Resource": "*", "Principal": {"AWS": "*"}"#),
    Fixture.policy(#""Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#),
    Fixture.policy(#""Action": "s3:*", "Resource": "*""#, effect: "Maybe"),
  ])
  func `text that is no policy is refused`(policy: String) throws {
    let fixture = try Fixture()
    _ = try eve(on: fixture)
    #expect(put(policy, on: fixture) == "MalformedPolicyDocument")
    #expect(fixture.admin("ListUserPolicies", ["UserName": "eve"])?.all("member") == [])
  }

  @Test func `a policy is seen some calls later`() throws {
    let fixture = try Fixture()
    let key = try eve(on: fixture)
    fixture.aws.propagation = Propagation(calls: 1)
    #expect(put(Fixture.listBuckets, on: fixture) == nil)
    #expect(fixture.listBuckets(as: key)?.status == 403)
    #expect(fixture.listBuckets(as: key)?.status == 200)
  }
}
