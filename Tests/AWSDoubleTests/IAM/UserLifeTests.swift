import AWSDouble
import Testing

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
    let others: Set<Action> = [.assumeRole, .getSessionToken, .getCallerIdentity, .listBuckets]
    for action in Set(Action.allCases).subtracting(others) {
      #expect(bench.refusal(action.rawValue) != "InvalidAction", "\(action)")
    }
  }
}
