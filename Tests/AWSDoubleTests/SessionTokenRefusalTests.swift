import AWSDouble
import Foundation
import Testing

struct SessionTokenRefusalTests {
  @Test func `a session without its token, or with another one, is refused`() throws {
    let bench = try Bench()
    var session = try bench.mfaSession()
    #expect(bench.listBuckets(as: session)?.status == 200)
    session.token = session.token.map { $0 + "x" }
    #expect(bench.sts("GetCallerIdentity", as: session)?["Code"] == "InvalidClientTokenId")
    #expect(bench.listBuckets(as: session)?["Code"] == "InvalidToken")
    session.token = nil
    #expect(bench.sts("GetCallerIdentity", as: session)?["Code"] == "InvalidClientTokenId")
    #expect(bench.listBuckets(as: session)?["Code"] == "InvalidAccessKeyId")
  }

  @Test func `a token that is not signed is refused`() throws {
    let bench = try Bench()
    var call = SignedCall("GetCallerIdentity", at: Bench.noon)
    call.key = try bench.mfaSession()
    call.unsigned = ["x-amz-security-token"]
    #expect(bench.send(call)?["Code"] == "SignatureDoesNotMatch")
  }

  @Test func `a session ends at its expiration`() throws {
    let bench = try Bench()
    let session = try #require(bench.sts("GetSessionToken", ["DurationSeconds": "900"])?.key)
    bench.aws.clock = bench.aws.clock.advanced(by: 899)
    var call = SignedCall("GetCallerIdentity", at: Bench.noon + 899)
    call.key = session
    #expect(bench.send(call)?.status == 200)
    bench.aws.clock = bench.aws.clock.advanced(by: 1)
    let (sts, s3) = (bench.send(call), SignedCall(listBuckets: "", at: Bench.noon + 900))
    #expect(sts?["Code"] == "ExpiredToken" && sts?.status == 403)
    var listing = s3
    listing.key = session
    let answer = bench.send(listing)
    #expect(answer?["Code"] == "ExpiredToken" && answer?.status == 400)
  }
}
