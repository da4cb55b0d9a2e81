import AWSDouble
import Foundation
import Testing

struct IAMTests {
  @Test func `a user with a path is named by it`() throws {
    let answer = try Bench().iam("GetUser", as: .bob)
    #expect(answer?["Arn"] == "arn:aws:iam::123456789012:user/team/bob")
    #expect(answer?["UserName"] == "bob" && answer?["Path"] == "/team/")
  }

  @Test func `a session without mfa is no good for iam`() throws {
    let bench = try Bench()
    let plain = try #require(bench.sts("GetSessionToken")?.key)
    #expect(bench.iam("GetUser", as: plain)?["Code"] == "InvalidClientTokenId")
    #expect(bench.iam("GetUser", as: try bench.mfaSession())?.status == 200)
  }

  @Test func `a user without iam GetUser is told so`() throws {
    let bench = try Bench { $0[user: "alice"]?.deniedActions = ["iam:GetUser"] }
    let answer = bench.iam("GetUser")
    #expect(answer?["Code"] == "AccessDenied")
    #expect(answer?["Message"]?.contains("not authorized to perform: iam:GetUser on resource") == true)
  }

  @Test func `a name that nobody has is no such entity`() throws {
    let answer = try Bench().iam("GetUser", ["UserName": "carol"])
    #expect(answer?["Code"] == "NoSuchEntity" && answer?.status == 404)
  }

  @Test func `devices come page by page`() throws {
    let bench = try Bench {
      let serials = (1...3).map { "arn:aws:iam::123456789012:mfa/phone-\($0)" }
      $0[user: "alice"]?.mfaDevices = serials.map { VirtualMFADevice(serial: $0, seed: "JBSWY3DPEHPK3PXP") }
    }
    let first = bench.iam("ListMFADevices", ["MaxItems": "2"])
    #expect(first?["IsTruncated"] == "true" && first?.all("SerialNumber").count == 2)
    let rest = bench.iam("ListMFADevices", ["Marker": try #require(first?["Marker"])])
    #expect(rest?["IsTruncated"] == "false" && rest?["Marker"] == nil)
    #expect(rest?.all("SerialNumber") == ["arn:aws:iam::123456789012:mfa/phone-3"])
  }

  @Test func `iam may give a shorter page than was asked for`() throws {
    let bench = try Bench {
      $0.iamPageSize = 1
      $0[user: "alice"]?.mfaDevices += [VirtualMFADevice(serial: "arn:aws:iam::123456789012:mfa/two", seed: "AAAA")]
    }
    #expect(bench.iam("ListMFADevices")?["IsTruncated"] == "true")
  }
}

// MARK: - User life tests

struct UserLifeTests {
  @Test func `a user is made, found by its path, and deleted`() throws {
    let bench = try Bench()
    let tag = ["Tags.member.1.Key": "a", "Tags.member.1.Value": "b"]
    let answer = bench.admin("CreateUser", ["UserName": "eve", "Path": "/x/"].merging(tag) { $1 })
    #expect(answer?["Arn"] == "arn:aws:iam::123456789012:user/x/eve")
    #expect(answer?["CreateDate"] == "2030-01-01T12:00:00Z")
    #expect(bench.admin("ListUsers", ["PathPrefix": "/x/"])?.all("UserName") == ["eve"])
    #expect(bench.refusal("TagUser", ["UserName": "eve"].merging(tag) { $1 }) == nil)
    #expect(bench.admin("ListUserTags", ["UserName": "eve"])?.all("Value") == ["b"])
    #expect(bench.refusal("CreateUser", ["UserName": "EVE"]) == "EntityAlreadyExists")
    #expect(bench.refusal("DeleteUser", ["UserName": "eve"]) == nil)
    #expect(bench.refusal("DeleteUser", ["UserName": "eve"]) == "NoSuchEntity")
    #expect(bench.admin("ListUsers")?.all("UserName") == ["admin", "alice", "bob"])
  }

  @Test func `a user is deleted only when nothing is left in it`() throws {
    let bench = try Bench()
    #expect(bench.refusal("CreateUser", ["UserName": "eve"]) == nil)
    let (key, device) = (try bench.key(of: "eve"), try bench.device("eve"))
    #expect(bench.refusal("EnableMFADevice", device.codes(from: -1, of: "eve")) == nil)
    let policy = ["UserName": "eve", "PolicyName": "p"]
    #expect(bench.refusal("PutUserPolicy", policy.merging(["PolicyDocument": Bench.listBuckets]) { $1 }) == nil)
    for (action, parameters) in [
      ("DeleteAccessKey", ["UserName": "eve", "AccessKeyId": key.id]),
      ("DeactivateMFADevice", ["UserName": "eve", "SerialNumber": device.serial]), ("DeleteUserPolicy", policy),
    ] {
      #expect(bench.refusal("DeleteUser", ["UserName": "eve"]) == "DeleteConflict")
      #expect(bench.refusal(action, parameters) == nil)
      #expect(bench.refusal(action, parameters) == "NoSuchEntity")
    }
    #expect(bench.refusal("DeleteUser", ["UserName": "eve"]) == nil)
  }

  @Test(arguments: ["CreateUser", "DeleteUser", "CreateAccessKey"])
  func `who may not administer IAM changes nobody else`(action: String) throws {
    #expect(try Bench().refusal(action, ["UserName": "admin"], as: .alice) == "AccessDenied")
  }

  @Test(arguments: [
    ["UserName": "eve", "Colour": "red"], [:], ["UserName": "e v e"], ["UserName": "eve", "Path": "x"],
    ["UserName": "eve", "Tags.member.2.Key": "a", "Tags.member.2.Value": "b"],
  ])
  func `what IAM would not understand is refused`(parameters: [String: String]) throws {
    #expect(try Bench().refusal("CreateUser", parameters) == "ValidationError")
  }

  @Test func `something carries out every action of IAM`() throws {
    let bench = try Bench()
    let others: Set<Action> = [
      .assumeRole, .assumeRoleWithWebIdentity, .getSessionToken, .getFederationToken, .getCallerIdentity, .listBuckets,
    ]
    for action in Set(Action.allCases).subtracting(others) {
      #expect(bench.refusal(action.rawValue) != "InvalidAction", "\(action)")
    }
  }
}

// MARK: - Role life tests

struct RoleLifeTests {
  private static let account = "arn:aws:iam::123456789012:"

  private func trust(_ principal: String, _ condition: String = ", " + Bench.withMFA) -> String {
    Bench.policy(#""Action": "sts:AssumeRole", "Principal": {"AWS": "\#(Self.account)\#(principal)"}"# + condition)
  }

  private func create(_ trust: String, on bench: Bench) -> String? {
    bench.refusal("CreateRole", ["RoleName": "r", "AssumeRolePolicyDocument": trust])
  }

  private func assume(_ bench: Bench, _ more: [String: String] = [:], as key: TestKey = .alice) -> Answer? {
    let role = ["RoleArn": Self.account + "role/r", "RoleSessionName": "test"]
    return bench.sts("AssumeRole", role.merging(more) { $1 }, as: key)
  }

  @Test func `a role that trusts with MFA is assumed with MFA only`() throws {
    let bench = try Bench()
    #expect(create(trust("user/alice"), on: bench) == nil)
    #expect(assume(bench)?["Code"] == "AccessDenied")
    #expect(assume(bench, as: .bob)?["Code"] == "AccessDenied")
    let session = try #require(assume(bench, ["SerialNumber": Bench.device, "TokenCode": bench.code])?.key)
    #expect(bench.listBuckets(as: session)?["Code"] == "AccessDenied")
    let policy = ["RoleName": "r", "PolicyName": "p", "PolicyDocument": Bench.listBuckets]
    #expect(bench.refusal("PutRolePolicy", policy) == nil)
    #expect(bench.listBuckets(as: session)?.status == 200)
    #expect(assume(bench, as: try bench.mfaSession())?.status == 200)
  }

  @Test func `a role that trusts the account is assumed by whom a policy lets`() throws {
    let bench = try Bench()
    #expect(bench.refusal("CreateUser", ["UserName": "eve"]) == nil)
    let key = try bench.key(of: "eve")
    #expect(create(trust("root", ""), on: bench) == nil)
    #expect(assume(bench, as: key)?["Code"] == "AccessDenied")
    let document = Bench.policy(#""Action": "sts:AssumeRole", "Resource": "\#(Self.account)role/r""#)
    let policy = ["UserName": "eve", "PolicyName": "p", "PolicyDocument": document]
    #expect(bench.refusal("PutUserPolicy", policy) == nil)
    #expect(assume(bench, as: key)?.status == 200)
  }

  @Test func `a role is found, and deleted when it has no policies`() throws {
    let bench = try Bench()
    let parameters = [
      "RoleName": "r", "Path": "/x/", "AssumeRolePolicyDocument": trust("user/alice"), "Tags.member.1.Key": "a",
      "Tags.member.1.Value": "b",
    ]
    #expect(bench.admin("CreateRole", parameters)?["Arn"] == Self.account + "role/x/r")
    #expect(bench.refusal("CreateRole", parameters) == "EntityAlreadyExists")
    #expect(bench.admin("GetRole", ["RoleName": "r"])?["Path"] == "/x/")
    #expect(bench.admin("ListRoles", ["PathPrefix": "/x/"])?.all("RoleName") == ["r"])
    #expect(bench.admin("ListRoleTags", ["RoleName": "r"])?.all("Value") == ["b"])
    let policy = ["RoleName": "r", "PolicyName": "p"]
    #expect(bench.refusal("PutRolePolicy", policy.merging(["PolicyDocument": Bench.listBuckets]) { $1 }) == nil)
    #expect(bench.admin("ListRolePolicies", ["RoleName": "r"])?.all("member") == ["p"])
    #expect(bench.refusal("DeleteRole", ["RoleName": "r"]) == "DeleteConflict")
    #expect(bench.refusal("DeleteRolePolicy", policy) == nil)
    #expect(bench.refusal("DeleteRole", ["RoleName": "r"]) == nil)
    #expect(bench.refusal("GetRole", ["RoleName": "r"]) == "NoSuchEntity")
  }

  @Test func `a trust names whom IAM sees already`() throws {
    let bench = try Bench()
    #expect(create(trust("user/nobody"), on: bench) == "MalformedPolicyDocument")
    bench.aws.propagation = Propagation(calls: 1)
    #expect(bench.refusal("CreateUser", ["UserName": "eve"]) == nil)
    #expect(create(trust("user/eve"), on: bench) == "MalformedPolicyDocument")
    #expect(create(trust("user/eve"), on: bench) == nil)
  }
}

// MARK: - Policy tests

struct PolicyTests {
  /// A new user's key.
  private func eve(on bench: Bench) throws -> TestKey {
    #expect(bench.refusal("CreateUser", ["UserName": "eve"]) == nil)
    return try bench.key(of: "eve")
  }

  private func put(_ policy: String, on bench: Bench) -> String? {
    bench.refusal("PutUserPolicy", ["UserName": "eve", "PolicyName": "p", "PolicyDocument": policy])
  }

  @Test func `a new user may do nothing but ask who it is, and for a session`() throws {
    let bench = try Bench()
    let key = try eve(on: bench)
    #expect(bench.sts("GetCallerIdentity", as: key)?["Arn"] == "arn:aws:iam::123456789012:user/eve")
    #expect(bench.listBuckets(as: key)?["Code"] == "AccessDenied")
    #expect(bench.iam("GetUser", as: key)?["Code"] == "AccessDenied")
    #expect(bench.sts("GetSessionToken", as: key)?.status == 200)
  }

  @Test func `buckets are listed with MFA only where the policy says so`() throws {
    let bench = try Bench()
    let (key, device) = (try eve(on: bench), try bench.device("eve"))
    #expect(
      put(Bench.policy(#""Action": ["s3:ListAllMyBuckets"], "Resource": "*", "# + Bench.withMFA), on: bench) == nil)
    #expect(bench.listBuckets(as: key)?["Code"] == "AccessDenied")
    let plain = try #require(bench.sts("GetSessionToken", as: key)?.key)
    #expect(bench.listBuckets(as: plain)?["Code"] == "AccessDenied")
    #expect(bench.refusal("EnableMFADevice", device.codes(from: -1, of: "eve")) == nil)
    let code = ["SerialNumber": device.serial, "TokenCode": device.code(1)]
    let session = try #require(bench.sts("GetSessionToken", code, as: key)?.key)
    #expect(bench.listBuckets(as: session)?.status == 200)
  }

  @Test(arguments: [
    (#""Action": "s3:*", "Resource": "*""#, 200),
    (#""Action": "s3:ListAllMyBucket?", "Resource": ["arn:aws:s3:::*"]"#, 200),
    (#""Action": "s3:GetObject", "Resource": "*""#, 403), (#""Action": "s3:*", "Resource": "arn:aws:s3:::one/*""#, 403),
    (#""Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}"#, 403),
    (#""Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}"#, 200),
  ])
  func `a policy allows what it names`(members: String, status: Int) throws {
    let bench = try Bench()
    let key = try eve(on: bench)
    #expect(put(Bench.policy(members), on: bench) == nil)
    #expect(bench.listBuckets(as: key)?.status == status)
    #expect(put(Bench.policy(members, effect: "Deny"), on: bench) == nil)
    #expect(bench.listBuckets(as: key)?.status == 403)
  }

  @Test(arguments: [
    "{}", "[]", "text", #"{"Version": "2008-10-17", "Statement": []}"#, #"{"Version": "2012-10-17", "Statement": []}"#,
    Bench.policy(#""Action": "s3:*""#), Bench.policy(#""Resource": "*""#),
    Bench.policy(#""Action": "s3:*", "Resource": "*", "Colour": "red""#),
    Bench.policy(#""Action": "s3:*", "Resource": "*", "Principal": {"AWS": "*"}"#),
    Bench.policy(#""Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#),
    Bench.policy(#""Action": "s3:*", "Resource": "*""#, effect: "Maybe"),
  ])
  func `text that is no policy is refused`(policy: String) throws {
    let bench = try Bench()
    _ = try eve(on: bench)
    #expect(put(policy, on: bench) == "MalformedPolicyDocument")
    #expect(bench.admin("ListUserPolicies", ["UserName": "eve"])?.all("member") == [])
  }

  @Test func `a policy is seen some calls later`() throws {
    let bench = try Bench()
    let key = try eve(on: bench)
    bench.aws.propagation = Propagation(calls: 1)
    #expect(put(Bench.listBuckets, on: bench) == nil)
    #expect(bench.listBuckets(as: key)?.status == 403)
    #expect(bench.listBuckets(as: key)?.status == 200)
  }
}
