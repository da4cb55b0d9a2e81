import AWSDouble
import Foundation
import Testing

/// What the double makes of session policies, tags and GetFederationToken.
struct SessionScopeTests {
  private static let role = ["RoleArn": Fixture.roles + "ReadOnly", "RoleSessionName": "me"]
  private static let onlyS3 =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":"*"}]}"#

  private func assume(_ fixture: Fixture, _ parameters: [String: String]) -> Answer? {
    fixture.sts("AssumeRole", Self.role.merging(parameters) { $1 })
  }

  /// With a role that asks for no MFA.
  private func fixture(_ change: (inout Role) -> Void = { _ in }) throws -> Fixture {
    try Fixture {
      $0.update(role: "ReadOnly") {
        $0.requiresMFA = false
        change(&$0)
      }
    }
  }

  @Test func `a session may do what its policies allow as well`() throws {
    let fixture = try fixture()
    let s3 = try #require(assume(fixture, ["Policy": Self.onlyS3])?.key)
    #expect(fixture.listBuckets(as: s3)?["Code"] == nil)
    #expect(fixture.iam("ListUsers", as: s3)?["Code"] == "AccessDenied")
    #expect(fixture.sts("AssumeRole", Self.role, as: s3)?["Code"] == "AccessDenied")
    #expect(fixture.sts("GetCallerIdentity", as: s3)?["Code"] == nil)
  }

  @Test func `a session that only reads is denied a write`() throws {
    let fixture = try fixture()
    let reading = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    let name = ["Name": "me", "PolicyArns.member.1.arn": reading]
    let key = try #require(fixture.sts("GetFederationToken", name, as: .admin)?.key)
    #expect(fixture.listBuckets(as: key)?["Code"] == nil)
    #expect(fixture.iam("ListUsers", as: key)?["Code"] == "InvalidClientTokenId")
    let view = try #require(
      assume(fixture, ["PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"])?.key)
    #expect(fixture.iam("ListUsers", as: view)?["Code"] == nil)
    #expect(
      fixture.iam("CreateUser", ["UserName": "eve"], as: view)?["Message"]?.contains("no session policy allows") == true
    )
  }

  @Test func `GetFederationToken wants a key, and gives nothing without a policy`() throws {
    let fixture = try Fixture()
    let session = try fixture.mfaSession()
    #expect(fixture.sts("GetFederationToken", ["Name": "me"], as: session)?["Code"] == "AccessDenied")
    let key = try #require(fixture.sts("GetFederationToken", ["Name": "me"])?.key)
    #expect(fixture.listBuckets(as: key)?["Code"] == "AccessDenied")
    #expect(fixture.sts("GetCallerIdentity", as: key)?["Arn"] == "arn:aws:sts::123456789012:federated-user/me")
  }

  @Test(arguments: [
    ["Policy": "{}"], ["Policy": #"{"Version":"2012-10-17","Statement":[]}"#], ["PolicyArns.member.2.arn": "x"],
    ["Tags.member.1.Key": "a"], ["SourceIdentity": "x"], ["TransitiveTagKeys.member.1": "a"],
    ["Tags.member.1.Key": "aws:a", "Tags.member.1.Value": ""],
    [
      "Tags.member.1.Key": "a", "Tags.member.1.Value": "", "Tags.member.2.Key": "A", "Tags.member.2.Value": "",
    ], ["PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/NoSuchPolicy"], ["Tags.member.1.Word": "a"],
  ])
  func `what STS's model does not allow is refused`(parameters: [String: String]) throws {
    #expect(assume(try fixture(), parameters)?["Code"] != nil)
  }

  @Test func `tags need a trust that allows them`() throws {
    let fixture = try fixture { $0.untrustedActions = ["sts:TagSession"] }
    let tags = ["Tags.member.1.Key": "a", "Tags.member.1.Value": "b"]
    #expect(assume(fixture, tags)?["Message"]?.contains("sts:TagSession") == true)
    #expect(assume(fixture, ["SourceIdentity": "alice"])?["Code"] == nil)
  }
}
