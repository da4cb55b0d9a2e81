import AWSValues
import FoundationEssentials
import HTTP
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct SessionTokenTests {
  private func ask(
    _ bench: Bench, seconds: Int = 3600, code: String? = nil, key: () -> Credentials = Bench.longTermKey
  ) throws -> Credentials {
    let device = try #require(MFADevice("arn:aws:iam::123456789012:mfa/alice"))
    return try STS(bench.client).sessionToken(
      duration: SessionDuration(seconds: seconds),
      mfa: code.flatMap { MFACode(SecretBytes(copying: $0), of: device) }, signedBy: key())
  }

  private func error(_ answer: String) -> AWSError? {
    let bench = Bench([.answer(200, answer)])
    return bench.error { _ in _ = try ask(bench) }
  }

  @Test func `the request is a signed form`() throws {
    let bench = Bench([.answer(200, Answers.sessionToken())])
    _ = try ask(bench)
    let request = bench.transport.requests[0]
    #expect(request.method == .post)
    #expect(request.url.text == "https://sts.eu-west-1.amazonaws.com/")
    #expect(request.body == "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=3600")
    #expect(request.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8")
    #expect(request.headers["authorization"]?.contains("/20261121/eu-west-1/sts/aws4_request") == true)
    #expect(request.token == nil)
  }

  @Test func `device and code go together`() throws {
    let bench = Bench([.answer(200, Answers.sessionToken())])
    _ = try ask(bench, code: "012345")
    #expect(bench.transport.requests[0].parameters["TokenCode"] == "012345")
    #expect(bench.transport.requests[0].body.contains("&SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Falice&"))
  }

  @Test func `the session comes back whole`() throws {
    let credentials = Answers.credentials(
      secret: "\n  made/up+secret= \n", token: "  FwoG//made+up==\n ", expiration: "2026-11-21T10:00:00.500+01:00")
    let session = try ask(Bench([.answer(200, Answers.sessionToken(credentials))]))
    let secret = session.secretAccessKey.revealed()
    let token = session.sessionToken.withValue { $0.revealed() }
    #expect(session.accessKeyID == "ASIAIOSFODNN7EXAMPLE")
    #expect(secret == "made/up+secret=")
    #expect(token == "FwoG//made+up==")
    #expect(session.expiration == Bench.now.addingTimeInterval(3600.5))
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
    ("Expiration", Answers.credentials(expiration: "2026-11-21T08:00:00Z")),
    ("Expiration", Answers.credentials(expiration: "2026-11-21T09:00:00")),
    ("Expiration", Answers.credentials(expiration: "0001-01-01T00:00:00Z")),
    ("Expiration", Answers.credentials(expiration: "9999-01-01T00:00:00Z")),
    ("Expiration", Answers.credentials(expiration: "2026-11-22T21:00:01Z")),
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
      let cut = Bench([.answer(200, String(decoding: whole[..<end], as: UTF8.self))])
      #expect(cut.error { _ in _ = try ask(cut) } != nil, "cut at \(end)")
      var changed = whole
      changed[end] ^= 0x04
      let wrong = Bench([.answer(200, String(decoding: changed, as: UTF8.self))])
      _ = wrong.error { _ in _ = try ask(wrong) }
    }
  }

  @Test(arguments: [(899, false), (900, true), (129_600, true), (129_601, false), (0, false), (-1, false)])
  func `durations AWS would refuse are not sent`(seconds: Int, allowed: Bool) {
    let bench = Bench(allowed ? [.answer(200, Answers.sessionToken())] : [])
    let error = bench.error { _ in _ = try ask(bench, seconds: seconds) }
    #expect(error == (allowed ? nil : .invalidRequest(.durationOutOfRange(seconds, allowed: 900...129_600))))
  }

  @Test func `temporary credentials are not sent for a session`() {
    let bench = Bench([])
    let error = bench.error { _ in _ = try ask(bench, key: Bench.session) }
    #expect(error == .invalidRequest(.sessionTokenNeedsLongTermKey))
  }

  @Test(arguments: [
    ("123456", true), ("", false), ("12345", false), ("1234567", false), ("12345a", false), ("\u{0661}23456", false),
    ("123 56", false), ("12345\n", false),
  ])
  func `a code is six ASCII digits`(digits: String, valid: Bool) throws {
    let code = MFACode(SecretBytes(copying: digits), of: try #require(MFADevice("GAHT12345678")))
    let exists = code.exists
    #expect(exists == valid)
  }

  @Test func `without a region nothing is sent`() {
    let bench = Bench([], connection: Connection())
    let error = bench.error { _ in _ = try ask(bench) }
    #expect(error == .endpoint(.missingRegion))
  }
}
