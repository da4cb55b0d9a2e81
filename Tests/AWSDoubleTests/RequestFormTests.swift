import AWSDouble
import Testing

struct RequestFormTests {
  @Test(arguments: [
    ("application/x-www-form-urlencoded", "UnknownOperationException"),
    ("text/plain", "UnknownOperationException"),
  ])
  func `a query call has AWS's content type, charset and all`(type: String, code: String) throws {
    let bench = try Bench()
    var call = SignedCall("GetCallerIdentity", at: Bench.noon)
    call.headers["content-type"] = type
    #expect(bench.send(call)?["Code"] == code)
  }

  @Test(arguments: [
    ("Action=GetCallerIdentity&Version=2010-05-08", "InvalidAction"),
    ("Action=DeleteEverything&Version=2011-06-15", "InvalidAction"),
    ("Action=GetCallerIdentity&Version=2011-06-15&Colour=red", "ValidationError"),
    ("Action=GetCallerIdentity&Version=2011-06-15&Version=2011-06-15", "MalformedQueryString"),
    ("Action=GetCallerIdentity&Version=2011-06-15&x=%zz", "MalformedQueryString"),
  ])
  func `a form that AWS would not read is refused`(body: String, code: String) throws {
    let bench = try Bench()
    var call = SignedCall("GetCallerIdentity", at: Bench.noon)
    call.body = body
    #expect(bench.send(call)?["Code"] == code)
  }

  @Test func `a body that is not the signed one is refused`() throws {
    let bench = try Bench()
    let answer = bench.send(SignedCall("GetSessionToken", at: Bench.noon)) {
      $0.body += Array("&DurationSeconds=900".utf8)
    }
    #expect(answer?["Code"] == "SignatureDoesNotMatch")
  }

  @Test func `s3 wants the hash of the payload, and the right one`() throws {
    let bench = try Bench()
    var call = SignedCall(listBuckets: "", at: Bench.noon)
    call.key = .bob
    call.headers["x-amz-content-sha256"] = String(repeating: "0", count: 64)
    #expect(bench.send(call)?["Code"] == "XAmzContentSHA256Mismatch")
    call.headers["x-amz-content-sha256"] = nil
    #expect(bench.send(call)?["Code"] == "InvalidRequest")
  }

  @Test func `a path below the root is not there`() throws {
    let bench = try Bench()
    #expect(bench.send(SignedCall(listBuckets: "", at: Bench.noon)) { $0.target = "/bucket" }?.status == 405)
    #expect(bench.send(SignedCall("GetCallerIdentity", at: Bench.noon)) { $0.target = "/x" }?.status == 404)
  }
}
