import AWSDouble
import Foundation
import Testing

struct GetSessionTokenTests {
  @Test(arguments: [
    ["DurationSeconds": "899"], ["DurationSeconds": "129601"], ["SerialNumber": Bench.device],
    ["TokenCode": "123456"], ["SerialNumber": Bench.device, "TokenCode": "12345"],
    ["SerialNumber": Bench.device, "TokenCode": "12345x"], ["SerialNumber": "short", "TokenCode": "123456"],
  ])
  func `what is outside the model's limits is a validation error`(parameters: [String: String]) throws {
    let answer = try Bench().sts("GetSessionToken", parameters)
    #expect(answer?["Code"] == "ValidationError" && answer?.status == 400)
  }

  @Test func `a wrong code is told from a wrong serial number`() throws {
    let bench = try Bench()
    let wrong = bench.code == "123456" ? "123457" : "123456"
    let code = bench.sts("GetSessionToken", ["SerialNumber": Bench.device, "TokenCode": wrong])
    #expect(code?["Code"] == "AccessDenied" && code?.status == 403)
    #expect(code?["Message"] == "MultiFactorAuthentication failed with invalid MFA one time pass code.")
    let serial = bench.sts("GetSessionToken", ["SerialNumber": Bench.device + "2", "TokenCode": bench.code])
    #expect(serial?["Code"] == "AccessDenied" && serial?.status == 403)
    #expect(
      serial?["Message"]
        == "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."
    )
  }

  @Test func `the device of another user does not do`() throws {
    let bench = try Bench()
    let answer = bench.sts("GetSessionToken", ["SerialNumber": Bench.device, "TokenCode": bench.code], as: .bob)
    #expect(answer?["Message"]?.contains("unable to validate MFA code") == true)
  }

  @Test func `a code is good once`() throws {
    let bench = try Bench()
    let parameters = ["SerialNumber": Bench.device, "TokenCode": bench.code]
    #expect(bench.sts("GetSessionToken", parameters)?.status == 200)
    #expect(bench.sts("GetSessionToken", parameters)?["Message"]?.contains("invalid MFA") == true)
  }

  @Test(arguments: [(-60.0, 403), (-30, 200), (0, 200), (30, 200), (60, 403)])
  func `a code is good one step early and one step late`(offset: Double, status: Int) throws {
    let bench = try Bench()
    let code = bench.code
    bench.aws.clock = bench.aws.clock.advanced(by: -offset)
    let answer = bench.sts("GetSessionToken", ["SerialNumber": Bench.device, "TokenCode": code])
    #expect(answer?.status == status)
  }

  @Test func `there are two unused codes in a step, then none until the next`() throws {
    let bench = try Bench()
    let first = bench.code
    _ = try bench.mfaSession()
    let second = bench.code
    _ = try bench.mfaSession()
    #expect(first != second && bench.aws.code(for: Bench.device) == nil)
    bench.aws.clock = bench.aws.clock.advanced(by: 30)
    #expect(bench.aws.code(for: Bench.device)?.count == 6)
  }

  @Test func `it lasts twelve hours unless told otherwise`() throws {
    let bench = try Bench()
    #expect(bench.sts("GetSessionToken")?["Expiration"] == "2030-01-02T00:00:00Z")
    #expect(bench.sts("GetSessionToken", ["DurationSeconds": "900"])?["Expiration"] == "2030-01-01T12:15:00Z")
  }

  @Test func `sessions make no sessions`() throws {
    let bench = try Bench()
    let answer = bench.sts("GetSessionToken", as: try bench.mfaSession())
    #expect(answer?["Code"] == "AccessDenied")
    #expect(answer?["Message"] == "Cannot call GetSessionToken with session credentials")
  }

  @Test func `a session's caller is the user`() throws {
    let bench = try Bench()
    let answer = bench.sts("GetCallerIdentity", as: try bench.mfaSession())
    #expect(answer?["Arn"] == "arn:aws:iam::123456789012:user/alice" && answer?["Account"] == "123456789012")
  }
}
