import AWSDouble
import Foundation
import Testing

struct AccessKeyLifeTests {
  @Test func `a user makes a second key, and no third`() throws {
    let bench = try Bench()
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    #expect(key.id.hasPrefix("AKIA") && key.id.count == 20 && key.secret.count == 40)
    #expect(bench.refusal("CreateAccessKey", as: key) == "LimitExceeded")
    #expect(bench.iam("ListAccessKeys")?.all("AccessKeyId") == [TestKey.alice.id, key.id])
    #expect(bench.iam("ListAccessKeys", ["MaxItems": "1"])?["IsTruncated"] == "true")
  }

  @Test func `an inactive key is refused, and its owner's other key deletes it`() throws {
    let bench = try Bench()
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    let old = ["AccessKeyId": TestKey.alice.id]
    #expect(bench.refusal("UpdateAccessKey", old.merging(["Status": "Inactive"]) { $1 }, as: key) == nil)
    #expect(bench.sts("GetCallerIdentity")?["Code"] == "InvalidClientTokenId")
    #expect(bench.listBuckets(as: .alice)?["Code"] == "InvalidAccessKeyId")
    #expect(bench.iam("ListAccessKeys", as: key)?.all("Status") == ["Inactive", "Active"])
    #expect(bench.refusal("UpdateAccessKey", old.merging(["Status": "Off"]) { $1 }, as: key) == "ValidationError")
    #expect(bench.refusal("DeleteAccessKey", old, as: key) == nil)
    #expect(bench.refusal("DeleteAccessKey", old, as: key) == "NoSuchEntity")
  }

  @Test func `the last use of a key is known at once`() throws {
    let bench = try Bench()
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    let unused = bench.iam("GetAccessKeyLastUsed", ["AccessKeyId": key.id])
    #expect(unused?["ServiceName"] == "N/A" && unused?["LastUsedDate"] == nil && unused?["UserName"] == "alice")
    _ = bench.sts("GetCallerIdentity", as: key)
    let used = bench.iam("GetAccessKeyLastUsed", ["AccessKeyId": key.id])
    #expect(used?["ServiceName"] == "sts" && used?["Region"] == "us-east-1")
    #expect(used?["LastUsedDate"] == "2030-01-01T12:00:00Z")
  }

  @Test func `a session makes a key only with MFA`() throws {
    let bench = try Bench()
    let plain = try #require(bench.sts("GetSessionToken")?.key)
    #expect(bench.refusal("CreateAccessKey", as: plain) == "InvalidClientTokenId")
    #expect(bench.refusal("CreateAccessKey", as: try bench.mfaSession()) == nil)
  }

  @Test func `a new key works only after some calls`() throws {
    let bench = try Bench()
    bench.aws.propagation = Propagation(calls: 2)
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    #expect(bench.sts("GetCallerIdentity", as: key)?["Code"] == "InvalidClientTokenId")
    #expect(bench.listBuckets(as: key)?["Code"] == "InvalidAccessKeyId")
    #expect(bench.sts("GetCallerIdentity", as: key)?.status == 200)
  }

  @Test func `a new key works only after some seconds`() throws {
    let bench = try Bench()
    #expect(bench.control("POST", "propagation", #"{"seconds": 30}"#)?.status == 204)
    let key = try #require(bench.iam("CreateAccessKey")?.key)
    #expect(bench.sts("GetCallerIdentity", as: key)?["Code"] == "InvalidClientTokenId")
    bench.aws.clock = .fixed(Bench.noon + 30)
    #expect(bench.sts("GetCallerIdentity", as: key)?.status == 200)
  }

  @Test func `IAM can be busy`() throws {
    let bench = try Bench()
    bench.aws.fail(.createAccessKey, with: .busy)
    let answer = bench.iam("CreateAccessKey")
    #expect(answer?["Code"] == "EntityTemporarilyUnmodifiable" && answer?.status == 409)
    #expect(bench.iam("ListAccessKeys")?.all("AccessKeyId") == [TestKey.alice.id])
  }
}
