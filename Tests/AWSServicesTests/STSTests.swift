import AWSValues
import FoundationEssentials
import HTTP
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct SessionTokenTests {
  private func ask(
    _ fixture: Fixture, seconds: Int = 3600, code: String? = nil, key: () -> Credentials = Fixture.longTermKey
  ) throws -> Credentials {
    let device = try #require(MFADevice("arn:aws:iam::123456789012:mfa/alice"))
    return try STS(fixture.client).sessionToken(
      duration: SessionDuration(seconds: seconds),
      mfa: code.flatMap { MFACode(SecretBytes(copying: $0), of: device) }, signedBy: key())
  }

  private func error(_ answer: String) -> AWSError? {
    let fixture = Fixture([.answer(200, answer)])
    return fixture.error { _ in _ = try ask(fixture) }
  }

  @Test func `the request is a signed form`() throws {
    let fixture = Fixture([.answer(200, Answers.sessionToken())])
    _ = try ask(fixture)
    let request = fixture.transport.requests[0]
    #expect(request.method == .post)
    #expect(request.url.text == "https://sts.eu-west-1.amazonaws.com/")
    #expect(request.body == "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=3600")
    #expect(request.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8")
    #expect(request.headers["authorization"]?.contains("/20261121/eu-west-1/sts/aws4_request") == true)
    #expect(request.token == nil)
  }

  @Test func `device and code go together`() throws {
    let fixture = Fixture([.answer(200, Answers.sessionToken())])
    _ = try ask(fixture, code: "012345")
    #expect(fixture.transport.requests[0].parameters["TokenCode"] == "012345")
    #expect(
      fixture.transport.requests[0].body.contains("&SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Falice&"))
  }

  @Test func `the session comes back whole`() throws {
    let credentials = Answers.credentials(
      secret: "\n  made/up+secret= \n", token: "  FwoG//made+up==\n ", expiration: "2026-11-21T10:00:00.500+01:00")
    let session = try ask(Fixture([.answer(200, Answers.sessionToken(credentials))]))
    let secret = session.secretAccessKey.revealed()
    let token = session.sessionToken.withValue { $0.revealed() }
    #expect(session.accessKeyID == "ASIAIOSFODNN7EXAMPLE")
    #expect(secret == "made/up+secret=")
    #expect(token == "FwoG//made+up==")
    #expect(session.expiration == Fixture.now.addingTimeInterval(3600.5))
  }

  @Test(arguments: [
    ("AccessKeyId", Answers.credentials(key: "")), ("AccessKeyId", Answers.credentials(key: "ASIA")),
    ("AccessKeyId", Answers.credentials(key: String(repeating: "A", count: 129))),
    ("AccessKeyId", Answers.credentials(key: "ASIAIOSFODNN7 XAMPLE")),
    ("AccessKeyId", Answers.credentials(key: "ASIAIOSFODNN7\u{202e}XAMPLE")),
    ("SecretAccessKey", Answers.credentials(secret: " \n ")), ("SecretAccessKey", Answers.credentials(secret: "a\nb")),
    ("SecretAccessKey", Answers.credentials(secret: "s</SecretAccessKey><SecretAccessKey>s")),
    ("SessionToken", Answers.credentials(token: "")), ("SessionToken", Answers.credentials(token: "a\u{7f}")),
    ("SessionToken", Answers.credentials(token: "<b>x</b>")), ("Expiration", Answers.credentials(expiration: "")),
    ("Expiration 2026-11-21T08:00:00Z has passed", Answers.credentials(expiration: "2026-11-21T08:00:00Z")),
    ("Expiration", Answers.credentials(expiration: "2026-11-21T09:00:00")),
    ("Expiration 0001-01-01T00:00:00Z has passed", Answers.credentials(expiration: "0001-01-01T00:00:00Z")),
    (
      "Expiration 9999-01-01T00:00:00Z is later than any session lasts",
      Answers.credentials(expiration: "9999-01-01T00:00:00Z")
    ),
    (
      "Expiration 2026-11-22T21:00:01Z is later than any session lasts",
      Answers.credentials(expiration: "2026-11-22T21:00:01Z")
    ),
    ("Expiration", Answers.credentials(expiration: "1795251600000")),
    ("GetSessionTokenResult/Credentials", ""), ("GetSessionTokenResult/Credentials", "<X>\(Answers.credentials())</X>"),
    ("GetSessionTokenResult/Credentials", Answers.credentials() + Answers.credentials()),
  ])
  func `credentials that cannot be used are refused whole`(element: String, credentials: String) {
    #expect(error(Answers.sessionToken(credentials)) == .malformed(call: "GetSessionToken", element: element))
  }

  @Test func `an answer cut anywhere gives no credentials, and a wrong byte anywhere is survived`() throws {
    let whole = Array(Answers.sessionToken().utf8)
    for end in whole.indices {
      let cut = Fixture([.answer(200, String(decoding: whole[..<end], as: UTF8.self))])
      #expect(cut.error { _ in _ = try ask(cut) } != nil, "cut at \(end)")
      var changed = whole
      changed[end] ^= 0x04
      let wrong = Fixture([.answer(200, String(decoding: changed, as: UTF8.self))])
      _ = wrong.error { _ in _ = try ask(wrong) }
    }
  }

  @Test(arguments: [
    ("123456", true), ("", false), ("12345", false), ("1234567", false), ("12345a", false), ("\u{0661}23456", false),
    ("123 56", false), ("12345\n", false), ("123 456", true), (" 12 34 56 ", true), ("123 4567", false),
    ("123\t456", false), ("123\u{a0}456", false), ("      ", false),
  ])
  func `a code is six ASCII digits, with blanks as apps show them`(digits: String, valid: Bool) throws {
    let code = MFACode(SecretBytes(copying: digits), of: try #require(MFADevice("GAHT12345678")))
    let exists = code.exists
    #expect(exists == valid)
  }

  @Test func `without a region nothing is sent`() {
    let fixture = Fixture([], connection: Connection())
    let error = fixture.error { _ in _ = try ask(fixture) }
    #expect(error == .endpoint(.missingRegion))
  }
}

// MARK: - Assume role tests

struct AssumeRoleTests {
  private func request(
    _ role: String = "arn:aws:iam::123456789012:role/deploy", seconds: Int = 3600, externalID: String? = nil
  ) throws -> AssumeRoleRequest {
    AssumeRoleRequest(
      role: try #require(RoleARN(role)), sessionName: try #require(RoleSessionName("alice@host")),
      duration: SessionDuration(seconds: seconds), externalID: externalID.flatMap { ExternalID($0) })
  }

  @Test func `role, name, duration and external id are sent, signed with the session`() throws {
    let fixture = Fixture([.answer(200, Answers.assumedRole())])
    let key = try STS(fixture.client).assumeRole(request(externalID: "a/b:c"), signedBy: Fixture.session()).accessKeyID
    #expect(key == "ASIAIOSFODNN7EXAMPLE")
    let sent = fixture.transport.requests[0]
    #expect(
      sent.parameters == [
        "Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": "arn:aws:iam::123456789012:role/deploy",
        "RoleSessionName": "alice@host", "DurationSeconds": "3600", "ExternalId": "a/b:c",
      ])
    #expect(sent.token == "made-up-token")
    #expect(sent.headers["authorization"]?.contains("x-amz-security-token") == true)
  }

  @Test func `a code goes with its device`() throws {
    let fixture = Fixture([.answer(200, Answers.assumedRole())])
    let device = try #require(MFADevice("GAHT12345678"))
    _ = try STS(fixture.client).assumeRole(
      request(), mfa: MFACode(SecretBytes(copying: "123456"), of: device), signedBy: Fixture.longTermKey())
    #expect(fixture.transport.requests[0].parameters["SerialNumber"] == "GAHT12345678")
    #expect(fixture.transport.requests[0].parameters["TokenCode"] == "123456")
  }

  @Test func `a role's path is not part of its session's ARN`() throws {
    let fixture = Fixture([.answer(200, Answers.assumedRole())])
    let role = try request("arn:aws:iam::123456789012:role/team/deploy")
    let key = try STS(fixture.client).assumeRole(role, signedBy: Fixture.longTermKey()).accessKeyID
    #expect(key == "ASIAIOSFODNN7EXAMPLE")
    #expect(role.sessionARN.hasSuffix("/deploy/alice@host"))
  }

  @Test(arguments: [
    "arn:aws:sts::999999999999:assumed-role/deploy/alice@host",
    "arn:aws:sts::123456789012:assumed-role/admin/alice@host",
    "arn:aws-cn:sts::123456789012:assumed-role/deploy/alice@host", "arn:aws:sts::123456789012:assumed-role/deploy/bob",
    "arn:aws:iam::123456789012:role/deploy",
  ])
  func `a session of another role is refused`(arn: String) {
    let fixture = Fixture([.answer(200, Answers.assumedRole(arn: arn))])
    let error = fixture.error { _ = try STS($0).assumeRole(request(), signedBy: Fixture.longTermKey()) }
    #expect(error == .otherRole(asked: "arn:aws:iam::123456789012:role/deploy", received: arn))
  }
}

// MARK: - Caller identity tests

struct CallerIdentityTests {
  private func answer(arn: String = "arn:aws:iam::123456789012:root", account: String = "123456789012") -> String {
    """
    <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>\(arn)</Arn><UserId>A</UserId>\
    <Account>\(account)</Account></GetCallerIdentityResult></GetCallerIdentityResponse>
    """
  }

  @Test func `account, ARN and id are read`() throws {
    let fixture = Fixture([.answer(200, Answers.callerIdentity)])
    let identity = try STS(fixture.client).callerIdentity(signedBy: Fixture.longTermKey())
    #expect(identity.account == "123456789012")
    #expect(identity.arn == "arn:aws:iam::123456789012:user/team/alice")
    #expect(identity.userID == "AIDAEXAMPLE")
  }

  @Test(arguments: [
    ("arn:aws:iam::123456789012:user/alice", "alice"), ("arn:aws-cn:iam::123456789012:user/a/b/c", "c"),
    ("arn:aws:sts::123456789012:assumed-role/deploy/alice", nil), ("arn:aws:iam::123456789012:root", nil),
    ("arn:aws:iam::123456789012:user/", nil), ("arn:aws:iam::123456789012:user/a/", nil), ("alice", nil),
  ])
  func `a user's name is the last segment of the ARN`(arn: String, name: String?) {
    #expect(UserARN(arn)?.name.text == name)
  }

  @Test(arguments: [
    ("123", "arn:aws:iam::123:root", "Account"), ("123456789012", "arn:aws:iam::999999999999:root", "Arn"),
    ("123456789012", "x", "Arn"), ("123456789012", "arn:aws:iam::123456789012:user/\u{202e}x", "Arn"),
  ])
  func `an identity that contradicts itself is refused`(account: String, arn: String, element: String) {
    let fixture = Fixture([.answer(200, answer(arn: arn, account: account))])
    let error = fixture.error { _ = try STS($0).callerIdentity(signedBy: Fixture.longTermKey()) }
    #expect(error == .malformed(call: "GetCallerIdentity", element: element))
  }
}
