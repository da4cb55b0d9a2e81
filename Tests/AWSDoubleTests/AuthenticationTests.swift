import AWSDouble
import Foundation
import Testing

struct AuthenticationTests {
  @Test(arguments: AuthenticationCase.all)
  func `what is wrong with a signature gets its own refusal`(wrong: AuthenticationCase) throws {
    let bench = try Bench()
    var sts = SignedCall("GetCallerIdentity", at: Bench.noon)
    var s3 = SignedCall(listBuckets: "", at: Bench.noon)
    s3.key = .bob
    wrong.call(&sts)
    wrong.call(&s3)
    #expect(bench.send(sts, wrong.request)?["Code"] == wrong.sts)
    #expect(bench.send(s3, wrong.request)?["Code"] == wrong.s3)
  }

  @Test(arguments: [-300.0, 0, 300])
  func `a clock that is five minutes off is good enough`(offset: Double) throws {
    let bench = try Bench()
    #expect(bench.send(SignedCall("GetCallerIdentity", at: Bench.noon + offset))?.status == 200)
  }

  @Test func `an error of clock skew has the times in its text`() throws {
    let bench = try Bench()
    let late = bench.send(SignedCall("GetCallerIdentity", at: Bench.noon - 3600))?["Message"]
    #expect(
      late
        == "Signature expired: 20300101T110000Z is now earlier than 20300101T115500Z (20300101T120000Z - 5 min.)")
    let early = bench.send(SignedCall("GetCallerIdentity", at: Bench.noon + 3600))?["Message"]
    #expect(
      early
        == "Signature not yet current: 20300101T130000Z is still later than 20300101T120500Z (20300101T120000Z + 5 min.)"
    )
  }

  @Test func `an inactive key is like one nobody has`() throws {
    let bench = try Bench { $0.users[0].keys[0].isActive = false }
    #expect(bench.sts("GetCallerIdentity")?["Code"] == "InvalidClientTokenId")
    #expect(bench.listBuckets(as: .alice)?["Code"] == "InvalidAccessKeyId")
  }

  @Test func `iam is signed for its own region whatever the caller's is`() throws {
    let bench = try Bench()
    var call = SignedCall("GetUser", iam: true, at: Bench.noon)
    #expect(bench.send(call)?.status == 200)
    call.region = "eu-west-1"
    #expect(bench.send(call)?["Code"] == "SignatureDoesNotMatch")
  }

  @Test func `a region where sts is switched off says so`() throws {
    let bench = try Bench { $0.disabledRegions = ["eu-south-1"] }
    var call = SignedCall("GetCallerIdentity", at: Bench.noon)
    call.region = "eu-south-1"
    #expect(bench.send(call)?["Code"] == "RegionDisabledException")
  }
}
