import AWSDouble
import Testing

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
