import AWSDouble
import Testing

struct RecordedCallTests {
  @Test func `calls are recorded with who, what and how it ended`() throws {
    let bench = try Bench()
    let session = try bench.mfaSession()
    _ = bench.listBuckets(as: session)
    _ = bench.listBuckets(as: .alice)
    bench.aws.fail(nil, with: .serverError)
    _ = bench.sts("GetCallerIdentity", as: .bob)
    let calls = bench.aws.calls
    #expect(calls.map(\.action) == ["GetSessionToken", "ListBuckets", "ListBuckets", "GetCallerIdentity"])
    #expect(calls.map(\.outcome) == ["ok", "ok", "AccessDenied", "not carried out"])
    #expect(calls.map(\.credentials) == [.longTerm, .mfaSession, .longTerm, .longTerm])
    #expect(calls[3].principal == "arn:aws:iam::123456789012:user/team/bob" && calls[3].fault == "server-error")
    #expect(calls[0].hasMFACode && calls[0].parameters == ["SerialNumber": Bench.device])
  }

  @Test func `no secret, token or code is recorded or shown`() throws {
    let bench = try Bench()
    let code = bench.code
    let session = try bench.mfaSession()
    _ = bench.sts("GetCallerIdentity", as: session)
    let shown = try [#require(bench.control("GET", "calls")), #require(bench.control("GET", "state"))]
    for text in shown.map(\.body) {
      for secret in [code, session.id, session.secret, session.token ?? "", TestKey.alice.secret, "JBSWY3DPEHPK3PXP"] {
        #expect(!text.contains("\"\(secret)") && !text.contains("\(secret)\""))
      }
    }
  }
}
