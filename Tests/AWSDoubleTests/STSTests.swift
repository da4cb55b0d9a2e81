import AWSDouble
import Foundation
import Testing

struct GetSessionTokenTests {
  @Test(arguments: [
    ["DurationSeconds": "899"], ["DurationSeconds": "129601"], ["SerialNumber": Fixture.device],
    ["TokenCode": "123456"], ["SerialNumber": Fixture.device, "TokenCode": "12345"],
    ["SerialNumber": Fixture.device, "TokenCode": "12345x"], ["SerialNumber": "short", "TokenCode": "123456"],
  ])
  func `what is outside the model's limits is a validation error`(parameters: [String: String]) throws {
    let answer = try Fixture().sts("GetSessionToken", parameters)
    #expect(answer?["Code"] == "ValidationError" && answer?.status == 400)
  }

  @Test func `a wrong code is distinguished from a wrong serial number`() throws {
    let fixture = try Fixture()
    let wrong = fixture.code == "123456" ? "123457" : "123456"
    let code = fixture.sts("GetSessionToken", ["SerialNumber": Fixture.device, "TokenCode": wrong])
    #expect(code?["Code"] == "AccessDenied" && code?.status == 403)
    #expect(code?["Message"] == "MultiFactorAuthentication failed with invalid MFA one time pass code.")
    let serial = fixture.sts("GetSessionToken", ["SerialNumber": Fixture.device + "2", "TokenCode": fixture.code])
    #expect(serial?["Code"] == "AccessDenied" && serial?.status == 403)
    #expect(
      serial?["Message"]
        == "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."
    )
  }

  @Test func `the device of another user does not do`() throws {
    let fixture = try Fixture()
    let answer = fixture.sts("GetSessionToken", ["SerialNumber": Fixture.device, "TokenCode": fixture.code], as: .bob)
    #expect(answer?["Message"]?.contains("unable to validate MFA code") == true)
  }

  @Test func `a code is good once`() throws {
    let fixture = try Fixture()
    let parameters = ["SerialNumber": Fixture.device, "TokenCode": fixture.code]
    #expect(fixture.sts("GetSessionToken", parameters)?.status == 200)
    #expect(fixture.sts("GetSessionToken", parameters)?["Message"]?.contains("invalid MFA") == true)
  }

  @Test(arguments: [(-60.0, 403), (-30, 200), (0, 200), (30, 200), (60, 403)])
  func `a code is good one step early and one step late`(offset: Double, status: Int) throws {
    let fixture = try Fixture()
    let code = fixture.code
    fixture.aws.clock = fixture.aws.clock.advanced(by: -offset)
    let answer = fixture.sts("GetSessionToken", ["SerialNumber": Fixture.device, "TokenCode": code])
    #expect(answer?.status == status)
  }

  @Test func `there are two unused codes in a step, then none until the next`() throws {
    let fixture = try Fixture()
    let first = fixture.code
    _ = try fixture.mfaSession()
    let second = fixture.code
    _ = try fixture.mfaSession()
    #expect(first != second && fixture.aws.code(for: Fixture.device) == nil)
    fixture.aws.clock = fixture.aws.clock.advanced(by: 30)
    #expect(fixture.aws.code(for: Fixture.device)?.count == 6)
  }

  @Test func `it lasts twelve hours unless told otherwise`() throws {
    let fixture = try Fixture()
    #expect(fixture.sts("GetSessionToken")?["Expiration"] == "2030-01-02T00:00:00Z")
    #expect(fixture.sts("GetSessionToken", ["DurationSeconds": "900"])?["Expiration"] == "2030-01-01T12:15:00Z")
  }

  @Test func `sessions make no sessions`() throws {
    let fixture = try Fixture()
    let answer = fixture.sts("GetSessionToken", as: try fixture.mfaSession())
    #expect(answer?["Code"] == "AccessDenied")
    #expect(answer?["Message"] == "Cannot call GetSessionToken with session credentials")
  }

  @Test func `a session's caller is the user`() throws {
    let fixture = try Fixture()
    let answer = fixture.sts("GetCallerIdentity", as: try fixture.mfaSession())
    #expect(answer?["Arn"] == "arn:aws:iam::123456789012:user/alice" && answer?["Account"] == "123456789012")
  }
}

// MARK: - Session token refusal tests

struct SessionTokenRefusalTests {
  @Test func `a session without its token, or with another one, is refused`() throws {
    let fixture = try Fixture()
    var session = try fixture.mfaSession()
    #expect(fixture.listBuckets(as: session)?.status == 200)
    session.token = session.token.map { $0 + "x" }
    #expect(fixture.sts("GetCallerIdentity", as: session)?["Code"] == "InvalidClientTokenId")
    #expect(fixture.listBuckets(as: session)?["Code"] == "InvalidToken")
    session.token = nil
    #expect(fixture.sts("GetCallerIdentity", as: session)?["Code"] == "InvalidClientTokenId")
    #expect(fixture.listBuckets(as: session)?["Code"] == "InvalidAccessKeyId")
  }

  @Test func `a token that is not signed is refused`() throws {
    let fixture = try Fixture()
    var call = SignedCall("GetCallerIdentity", at: Fixture.noon)
    call.key = try fixture.mfaSession()
    call.unsigned = ["x-amz-security-token"]
    #expect(fixture.send(call)?["Code"] == "SignatureDoesNotMatch")
  }

  @Test func `a session ends at its expiration`() throws {
    let fixture = try Fixture()
    let session = try #require(fixture.sts("GetSessionToken", ["DurationSeconds": "900"])?.key)
    fixture.aws.clock = fixture.aws.clock.advanced(by: 899)
    var call = SignedCall("GetCallerIdentity", at: Fixture.noon + 899)
    call.key = session
    #expect(fixture.send(call)?.status == 200)
    fixture.aws.clock = fixture.aws.clock.advanced(by: 1)
    let (sts, s3) = (fixture.send(call), SignedCall(listBuckets: "", at: Fixture.noon + 900))
    #expect(sts?["Code"] == "ExpiredToken" && sts?.status == 403)
    var listing = s3
    listing.key = session
    let answer = fixture.send(listing)
    #expect(answer?["Code"] == "ExpiredToken" && answer?.status == 400)
  }
}

// MARK: - Assume role tests

struct AssumeRoleTests {
  private func parameters(_ role: String, _ more: [String: String] = [:]) -> [String: String] {
    ["RoleArn": Fixture.roles + role, "RoleSessionName": "me@host"].merging(more) { $1 }
  }

  @Test(arguments: [
    ["RoleSessionName": "x"], ["RoleSessionName": "a b"], ["RoleSessionName": ""], ["RoleArn": "short"],
    ["DurationSeconds": "899"], ["DurationSeconds": "43201"], ["ExternalId": "a"], ["ExternalId": "a b"],
  ])
  func `what is outside the model's limits is a validation error`(wrong: [String: String]) throws {
    let answer = try Fixture().sts(
      "AssumeRole", parameters("Audit", ["ExternalId": "audit-2026"].merging(wrong) { $1 }))
    #expect(answer?["Code"] == "ValidationError" && answer?.status == 400)
  }

  @Test func `a parameter that must be there is asked for`() throws {
    let answer = try Fixture().sts("AssumeRole", ["RoleArn": Fixture.roles + "Audit"])
    #expect(answer?["Message"]?.contains("Value null at 'roleSessionName'") == true)
  }

  @Test func `a role that demands mfa takes it in the call`() throws {
    let fixture = try Fixture()
    let mfa = ["SerialNumber": Fixture.device, "TokenCode": fixture.code]
    #expect(fixture.sts("AssumeRole", parameters("ReadOnly"))?["Code"] == "AccessDenied")
    let answer = fixture.sts("AssumeRole", parameters("ReadOnly", mfa))
    #expect(answer?["Arn"] == "arn:aws:sts::123456789012:assumed-role/ReadOnly/me@host")
    #expect(answer?["AssumedRoleId"]?.hasSuffix(":me@host") == true)
    #expect(answer?["Expiration"] == "2030-01-01T13:00:00Z")
    #expect(fixture.sts("AssumeRole", parameters("ReadOnly", mfa))?["Message"]?.contains("invalid MFA") == true)
  }

  @Test func `a role that demands mfa takes it from the session`() throws {
    let fixture = try Fixture()
    let plain = try #require(fixture.sts("GetSessionToken")?.key)
    #expect(fixture.sts("AssumeRole", parameters("ReadOnly"), as: plain)?["Code"] == "AccessDenied")
    #expect(fixture.sts("AssumeRole", parameters("ReadOnly"), as: try fixture.mfaSession())?.status == 200)
  }

  @Test func `the refusal names caller and role, as AWS does`() throws {
    let answer = try Fixture().sts("AssumeRole", parameters("ReadOnly"), as: .bob)
    #expect(
      answer?["Message"]
        == "User: arn:aws:iam::123456789012:user/team/bob is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/ReadOnly"
    )
  }

  @Test(arguments: [[:], ["ExternalId": "audit-2025"]])
  func `the external id must be the one agreed`(wrong: [String: String]) throws {
    #expect(try Fixture().sts("AssumeRole", parameters("Audit", wrong))?["Code"] == "AccessDenied")
  }

  @Test func `a role that is not there looks like one that does not trust`() throws {
    #expect(try Fixture().sts("AssumeRole", parameters("Nothing"))?["Code"] == "AccessDenied")
  }

  @Test func `chained roles last an hour at most`() throws {
    let fixture = try Fixture()
    let answer = fixture.sts(
      "AssumeRole", parameters("Deploy", ["DurationSeconds": "3601"]), as: try fixture.mfaSession())
    #expect(
      answer?["Message"]
        == "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
  }

  @Test func `a role's own maximum holds, and asking for more costs no code`() throws {
    let fixture = try Fixture()
    let mfa = ["SerialNumber": Fixture.device, "TokenCode": fixture.code]
    let long = fixture.sts("AssumeRole", parameters("Deploy", mfa.merging(["DurationSeconds": "14401"]) { $1 }))
    #expect(long?["Message"]?.contains("exceeds the MaxSessionDuration") == true)
    #expect(
      fixture.sts("AssumeRole", parameters("Deploy", mfa.merging(["DurationSeconds": "14400"]) { $1 }))?.status == 200)
  }
}

// MARK: - Role chain tests

struct RoleChainTests {
  private let audit = ["RoleArn": Fixture.roles + "Audit", "RoleSessionName": "me@host", "ExternalId": "audit-2026"]

  private func readOnly(_ fixture: Fixture) throws -> TestKey {
    let parameters = ["RoleArn": Fixture.roles + "ReadOnly", "RoleSessionName": "me@host"]
    return try #require(fixture.sts("AssumeRole", parameters, as: try fixture.mfaSession())?.key)
  }

  @Test func `a role assumes the role that trusts it`() throws {
    let fixture = try Fixture()
    let key = try #require(fixture.sts("AssumeRole", audit, as: try readOnly(fixture))?.key)
    let answer = fixture.sts("GetCallerIdentity", as: key)
    #expect(answer?["Arn"] == "arn:aws:sts::123456789012:assumed-role/Audit/me@host")
    #expect(answer?["UserId"]?.hasPrefix("AROA") == true)
  }

  @Test func `a role's session carries no mfa into the next role`() throws {
    let fixture = try Fixture { $0[role: Fixture.roles + "Audit"]?.requiresMFA = true }
    #expect(fixture.sts("AssumeRole", audit, as: try readOnly(fixture))?["Code"] == "AccessDenied")
  }

  @Test func `a role has no mfa device`() throws {
    let fixture = try Fixture()
    let key = try readOnly(fixture)
    let mfa = audit.merging(["SerialNumber": Fixture.device, "TokenCode": fixture.code]) { $1 }
    #expect(fixture.sts("AssumeRole", mfa, as: key)?["Message"]?.contains("unable to validate MFA code") == true)
  }

  @Test func `a role makes no session`() throws {
    let fixture = try Fixture()
    #expect(fixture.sts("GetSessionToken", as: try readOnly(fixture))?["Code"] == "AccessDenied")
  }

  @Test func `a role that trusts the account needs the user's policy as well`() throws {
    let fixture = try Fixture { $0[role: Fixture.roles + "Audit"]?.trusts = ["arn:aws:iam::123456789012:root"] }
    #expect(fixture.sts("AssumeRole", audit)?["Code"] == "AccessDenied")
    fixture.aws.account[user: "alice"]?.assumableRoles = [Fixture.roles + "Audit"]
    #expect(fixture.sts("AssumeRole", audit)?.status == 200)
  }
}

// MARK: - TOTP tests

struct TOTPTests {
  @Test(arguments: [
    (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
  ])
  func `codes are those of RFC 6238`(seconds: Int, code: String) {
    let totp = TOTP(seed: Array("12345678901234567890".utf8))
    let step = TOTP.step(at: Date(timeIntervalSince1970: Double(seconds)))
    #expect(totp.code(step: step, digits: 8) == code)
    #expect(totp.code(step: step) == String(code.suffix(6)))
  }

  @Test(arguments: [
    ("", ""), ("MY======", "f"), ("MZXQ", "fo"), ("MZXW6===", "foo"), ("MZXW6YQ=", "foob"), ("mzxw6ytb", "fooba"),
    ("MZXW6YTBOI======", "foobar"),
  ])
  func `base32 is that of RFC 4648`(text: String, plain: String) {
    #expect(Base32.decode(text) == Array(plain.utf8))
  }

  @Test func `a seed with a character outside the alphabet is refused`() {
    #expect(Base32.decode("MZXW1") == nil)
  }
}
