import AWSDouble
import Foundation
import Testing

struct ListBucketsTests {
  @Test func `a policy that demands mfa denies the key and a plain session, and allows an mfa session`() throws {
    let fixture = try Fixture()
    let plain = try #require(fixture.sts("GetSessionToken")?.key)
    let denied = fixture.listBuckets(as: .alice)
    #expect(denied?["Code"] == "AccessDenied" && denied?.status == 403)
    #expect(denied?["Message"]?.contains("explicit deny") == true)
    #expect(fixture.listBuckets(as: plain)?["Code"] == "AccessDenied")
    #expect(
      fixture.listBuckets(as: try fixture.mfaSession())?.all("Name") == ["demo-backups", "demo-logs", "demo-website"])
  }

  @Test func `a role that may not is denied`() throws {
    let fixture = try Fixture()
    let audit = ["RoleArn": Fixture.roles + "Audit", "RoleSessionName": "me@host", "ExternalId": "audit-2026"]
    let key = try #require(fixture.sts("AssumeRole", audit)?.key)
    #expect(fixture.listBuckets(as: key)?["Code"] == "AccessDenied")
  }

  @Test func `buckets come page by page`() throws {
    let fixture = try Fixture()
    let first = fixture.listBuckets("max-buckets=2", as: .bob)
    #expect(first?.all("Name") == ["demo-backups", "demo-logs"])
    let token = try #require(first?["ContinuationToken"])
    let encoded = token.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
    let rest = fixture.listBuckets("continuation-token=\(encoded)&max-buckets=2", as: .bob)
    #expect(rest?.all("Name") == ["demo-website"] && rest?["ContinuationToken"] == nil)
  }

  @Test func `a prefix narrows the list`() throws {
    let answer = try Fixture().listBuckets("prefix=demo-l", as: .bob)
    #expect(answer?.all("Name") == ["demo-logs"] && answer?["Prefix"] == "demo-l")
    #expect(answer?["CreationDate"] == "2026-01-01T00:00:00.000Z")
  }

  @Test(arguments: ["max-buckets=0", "max-buckets=10001", "max-buckets=x", "continuation-token=made-up"])
  func `an argument outside its limits is refused`(query: String) throws {
    #expect(try Fixture().listBuckets(query, as: .bob)?["Code"] == "InvalidArgument")
  }

  @Test func `names are escaped`() throws {
    let fixture = try Fixture { $0.buckets = [Bucket("a&b<c>")] }
    #expect(fixture.listBuckets(as: .bob)?["Name"] == "a&amp;b&lt;c&gt;")
  }
}
