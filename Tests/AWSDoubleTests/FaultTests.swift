import AWSDouble
import Foundation
import Testing

struct FaultTests {
  @Test(arguments: [
    (Fault.throttle, 400, "Throttling"), (.serverError, 500, "InternalFailure"),
    (.unavailable, 503, "ServiceUnavailable"), (.refuse(status: 403, code: "Odd", message: "so"), 403, "Odd"),
  ])
  func `sts fails in its own words, then works`(fault: Fault, status: Int, code: String) throws {
    let bench = try Bench()
    bench.aws.fail(.getCallerIdentity, with: fault, times: 2)
    for _ in 1...2 {
      let answer = bench.sts("GetCallerIdentity")
      #expect(answer?.status == status && answer?["Code"] == code)
    }
    #expect(bench.sts("GetCallerIdentity")?.status == 200)
  }

  @Test(arguments: [(Fault.throttle, 503, "SlowDown"), (.serverError, 500, "InternalError")])
  func `s3 fails in its own words`(fault: Fault, status: Int, code: String) throws {
    let bench = try Bench()
    bench.aws.fail(.listBuckets, with: fault)
    let answer = bench.listBuckets(as: .bob)
    #expect(answer?.status == status && answer?["Code"] == code)
    #expect(answer?.body.contains("<ErrorResponse") == false)
  }

  @Test func `a fault waits for its action`() throws {
    let bench = try Bench()
    bench.aws.fail(.assumeRole, with: .serverError)
    #expect(bench.sts("GetCallerIdentity")?.status == 200)
    #expect(bench.sts("AssumeRole")?.status == 500)
  }

  @Test func `a connection may close before the answer, with and without an effect`() throws {
    let bench = try Bench()
    let mfa = ["SerialNumber": Bench.device, "TokenCode": bench.code]
    bench.aws.fail(nil, with: .close)
    bench.aws.fail(nil, with: .closeAfterActing)
    #expect(bench.sts("GetSessionToken", mfa) == nil)
    #expect(bench.code == mfa["TokenCode"])
    #expect(bench.sts("GetSessionToken", mfa) == nil)
    #expect(bench.code != mfa["TokenCode"])
  }

  @Test func `a cut answer is shorter than it says`() throws {
    let bench = try Bench()
    bench.aws.fail(.getCallerIdentity, with: .cut)
    let answer = try #require(bench.sts("GetCallerIdentity"))
    let promised = Int(answer.headers["content-length"] ?? "") ?? 0
    #expect(answer.status == 200 && answer.body.utf8.count == promised / 2)
  }

  @Test func `what is not AWS's answer can be scripted`() throws {
    let bench = try Bench()
    bench.aws.fail(nil, with: .garbage)
    bench.aws.fail(nil, with: .redirect)
    bench.aws.fail(nil, with: .huge(bytes: 2_000_000))
    bench.aws.fail(nil, with: .answer(status: 418, type: "text/plain", body: "tea"))
    #expect(bench.sts("GetCallerIdentity")?.headers["content-type"] == "text/html")
    #expect(bench.sts("GetCallerIdentity")?.headers["location"] == "/elsewhere")
    #expect(bench.sts("GetCallerIdentity")?.body.utf8.count == 2_000_000)
    let last = bench.sts("GetCallerIdentity")
    #expect(last?.status == 418 && last?.body == "tea")
  }

  @Test func `the date of an answer is the double's, or a lie`() throws {
    let bench = try Bench()
    #expect(bench.sts("GetCallerIdentity")?.headers["date"] == "Tue, 01 Jan 2030 12:00:00 GMT")
    bench.aws.fail(nil, with: .wrongDate(seconds: 3600))
    #expect(bench.sts("GetCallerIdentity")?.headers["date"] == "Tue, 01 Jan 2030 13:00:00 GMT")
  }
}
