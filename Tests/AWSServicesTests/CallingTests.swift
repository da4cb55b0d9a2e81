import AWSValues
import FoundationEssentials
import HTTP
import Secrets
import TestSupport
import Testing

@testable import AWSServices

struct AnswerTests {
  private func error(_ status: Int, _ body: String, type: String? = "text/html") -> AWSError? {
    let fixture = Fixture([.answer(status, body, headers: type.map { ["content-type": $0] } ?? [:])])
    return fixture.error { _ = try STS($0).callerIdentity(signedBy: Fixture.longTermKey()) }
  }

  @Test(arguments: [
    (200, "<html><body>Log in</body></html>", "<html><body>Log in</body></html>"),
    (200, "<!DOCTYPE html>\n<p>", "<!DOCTYPE html>\\u{a}<p>"), (200, "", ""), (302, "", ""),
    (200, #"{"SecretAccessKey":"hidden"}"#, ""), (403, #"{"message":"no"}"#, #"{"message":"no"}"#),
    (403, "Blocked by \u{1b}[2Jproxy \u{e4}", "Blocked by \\u{1b}[2Jproxy \\u{c3}\\u{a4}"),
    (200, String(repeating: "x", count: 81), String(repeating: "x", count: 80)),
  ])
  func `an answer that is not AWS's is reported with its status, type and first bytes`(
    status: Int, body: String, start: String
  ) {
    #expect(
      error(status, body) == .notAWS(UnrecognizedResponse(status: status, contentType: "text/html", start: start)))
  }

  @Test(arguments: [
    ("<AssumeRoleResponse><Credentials><SecretAccessKey>hidden", "AssumeRoleResponse"),
    (Answers.assumedRole(), "AssumeRoleResponse"), ("<GetCallerIdentityResponse>", "GetCallerIdentityResponse"),
    ("<GetCallerIdentityResponse/>", "GetCallerIdentityResult"),
  ])
  func `a broken answer of AWS shows nothing of what may be secret`(body: String, element: String) {
    #expect(error(200, body) == .malformed(call: "GetCallerIdentity", element: element))
  }

  @Test func `an error document is an error whatever the status says`() {
    let expected = ServiceError(code: "InternalError", message: "no", requestID: "r-1", status: 200)
    #expect(error(200, Answers.error("InternalError")) == .service(expected))
  }

  @Test func `a whole answer with an error status is not taken`() {
    #expect(error(403, Answers.callerIdentity) != nil)
  }

  @Test func `elements too deep are a broken answer`() {
    let body = String(repeating: "<a>", count: 40)
    #expect(error(200, body) == .malformed(call: "GetCallerIdentity", element: "GetCallerIdentityResponse"))
  }
}

// MARK: - Clock skew tests

struct ClockSkewTests {
  private let identity = ScriptedTransport.Step.answer(200, Answers.callerIdentity)

  private func skewed(
    _ date: String = "Sat, 21 Nov 2026 09:00:00 GMT", code: String = "SignatureDoesNotMatch"
  ) -> ScriptedTransport.Step {
    .answer(403, Answers.error(code), headers: ["date": date])
  }

  private func ask(_ fixture: Fixture) -> AWSError? {
    fixture.error { _ = try STS($0).callerIdentity(signedBy: Fixture.longTermKey()) }
  }

  private func dates(_ fixture: Fixture) -> [String] {
    fixture.transport.requests.compactMap { $0.headers["x-amz-date"] }
  }

  @Test func `a clock that is off is corrected once, and stays so`() {
    let fixture = Fixture([skewed(), identity, identity])
    #expect(ask(fixture) == nil)
    #expect(ask(fixture) == nil)
    #expect(dates(fixture) == ["20261121T080000Z", "20261121T090000Z", "20261121T090000Z"])
    #expect(fixture.client.clockOffset == 3600)
    #expect(fixture.pauses.isEmpty)
  }

  @Test(arguments: [
    ("Sat, 21 Nov 2026 09:00:00 GMT", "2026-11-21T10:00:00Z"),
    ("Fri, 20 Nov 2026 08:00:00 GMT", "2026-11-20T09:00:00Z"),
  ])
  func `the end of a session is given by our clock`(date: String, expiration: String) throws {
    let fixture = Fixture([
      skewed(date), .answer(200, Answers.sessionToken(Answers.credentials(expiration: expiration))),
    ])
    let left = try STS(fixture.client).sessionToken(duration: .roleChainingLimit, signedBy: Fixture.longTermKey())
      .timeLeft(at: Fixture.now)
    #expect(left == 3600)
  }

  @Test func `a correction that does not help is not repeated`() {
    let fixture = Fixture([skewed(code: "RequestTimeTooSkewed"), skewed(code: "RequestTimeTooSkewed")])
    guard case .service(let error) = ask(fixture) else { return #expect(Bool(false), "not a service error") }
    #expect(error.meaning == .clockSkew(offset: 3600))
  }

  @Test func `a wrong signature under a right clock is not tried again`() {
    let fixture = Fixture([skewed("Sat, 21 Nov 2026 08:03:00 GMT")])
    guard case .service(let error) = ask(fixture) else { return #expect(Bool(false), "not a service error") }
    #expect(error.meaning == .signatureMismatch)
    #expect(fixture.client.clockOffset == 0)
  }

  @Test func `one attempt in total leaves none for a correction, but the next call has it`() {
    let fixture = Fixture([skewed(), identity], connection: Connection(region: "eu-west-1", maxAttempts: 1))
    #expect(ask(fixture) != nil)
    #expect(ask(fixture) == nil)
    #expect(dates(fixture) == ["20261121T080000Z", "20261121T090000Z"])
  }

  @Test func `a call with a code is not resent, but the next one has the right time`() throws {
    let device = try #require(MFADevice("GAHT12345678"))
    let fixture = Fixture([
      skewed(), .answer(200, Answers.sessionToken(Answers.credentials(expiration: "2026-11-21T10:00:00Z"))),
    ])
    let errors = ["111111", "222222"].map { digits in
      fixture.error {
        _ = try STS($0).sessionToken(
          duration: SessionDuration(seconds: 3600), mfa: MFACode(SecretBytes(copying: digits), of: device),
          signedBy: Fixture.longTermKey())
      }
    }
    #expect(errors[0] != nil && errors[1] == nil)
    #expect(fixture.transport.requests.map { $0.parameters["TokenCode"] } == ["111111", "222222"])
    #expect(dates(fixture) == ["20261121T080000Z", "20261121T090000Z"])
  }
}

// MARK: - Retry tests

struct RetryTests {
  private let identity = ScriptedTransport.Step.answer(200, Answers.callerIdentity)
  private let unavailable = ScriptedTransport.Step.answer(503, "<h1>busy</h1>")

  private func ask(_ fixture: Fixture) -> AWSError? {
    fixture.error { _ = try STS($0).callerIdentity(signedBy: Fixture.longTermKey()) }
  }

  @Test(arguments: [
    (ScriptedTransport.Step.answer(500, "")), (.answer(502, "x")), (.answer(503, Answers.error("ServiceUnavailable"))),
    (.answer(504, "")), (.answer(400, Answers.error("RequestTimeout"))),
    (.answer(400, Answers.error("IDPCommunicationError"))), (.failure(.timedOut(host: "h", seconds: 30))),
    (.failure(.interrupted(host: "h"))), (.failure(.cannotConnect(host: "h"))), (.failure(.cannotResolve(host: "h"))),
    (.failure(.connectTimedOut(host: "h", seconds: 5))),
  ])
  func `trouble that may pass is tried again after up to 50 ms, then 100`(step: ScriptedTransport.Step) {
    let fixture = Fixture([step, step, identity])
    #expect(ask(fixture) == nil)
    #expect(fixture.pauses == [.milliseconds(50), .milliseconds(100)])
  }

  @Test(arguments: [
    (400, Answers.error("Throttling")), (503, Answers.error("SlowDown")), (429, "slower"),
    (400, Answers.error("RequestLimitExceeded")),
  ])
  func `throttling is tried again after up to 1 s, then 2`(status: Int, body: String) {
    let fixture = Fixture([.answer(status, body), .answer(status, body), identity])
    #expect(ask(fixture) == nil)
    #expect(fixture.pauses == [.seconds(1), .seconds(2)])
  }

  @Test func `pauses are a random part of their ceiling`() {
    let fixture = Fixture([unavailable, unavailable, identity], random: 0.5)
    #expect(ask(fixture) == nil)
    #expect(fixture.pauses == [.milliseconds(25), .milliseconds(50)])
  }

  @Test(arguments: [1, 2, 5])
  func `attempts are counted in total`(attempts: Int) {
    let connection = Connection(region: "eu-west-1", maxAttempts: attempts)
    let fixture = Fixture(Array(repeating: unavailable, count: attempts), connection: connection)
    #expect(ask(fixture) == .notAWS(UnrecognizedResponse(status: 503, contentType: "text/xml", start: "<h1>busy</h1>")))
    #expect(fixture.transport.remaining == 0)
  }

  @Test(arguments: [
    (ScriptedTransport.Step.answer(403, Answers.error("AccessDenied"))),
    (.answer(400, Answers.error("ValidationError"))),
    (.answer(409, Answers.error("LimitExceeded"))), (.answer(200, "<html/>")), (.answer(501, "")), (.answer(404, "")),
    (.failure(.tls(host: "h", reason: "r"))), (.failure(.responseTooLarge(host: "h", limit: 1))),
    (.failure(.proxy(reason: "r"))), (.failure(.insecure(url: "u"))), (.answer(200, "<GetCallerIdentityResponse/>")),
  ])
  func `what will not pass is not tried again`(step: ScriptedTransport.Step) {
    let fixture = Fixture([step])
    #expect(ask(fixture) != nil)
    #expect(fixture.pauses.isEmpty)
  }

  @Test(arguments: [
    (ScriptedTransport.Step.answer(503, "")), (.answer(400, Answers.error("Throttling"))),
    (.failure(.interrupted(host: "h"))), (.failure(.cannotConnect(host: "h"))),
    (.answer(403, Answers.error("RequestTimeTooSkewed"), headers: ["date": "Sat, 21 Nov 2026 09:00:00 GMT"])),
  ])
  func `a call with an MFA code is sent once`(step: ScriptedTransport.Step) throws {
    let device = try #require(MFADevice("arn:aws:iam::123456789012:mfa/alice"))
    let fixture = Fixture([step])
    let error = fixture.error {
      _ = try STS($0).sessionToken(
        duration: SessionDuration(seconds: 3600), mfa: MFACode(SecretBytes(copying: "123456"), of: device),
        signedBy: Fixture.longTermKey())
    }
    #expect(error != nil)
    #expect(fixture.transport.requests.count == 1)
  }

  @Test(arguments: [
    ("700", Duration.milliseconds(700)), ("10", .milliseconds(50)), ("999999", .milliseconds(5050)),
    ("-1", .milliseconds(50)), ("soon", .milliseconds(50)), ("1e9", .milliseconds(50)),
  ])
  func `the service's own wait is honoured within 5 s`(header: String, pause: Duration) {
    let fixture = Fixture([.answer(503, "", headers: ["x-amz-retry-after": header]), identity])
    #expect(ask(fixture) == nil)
    #expect(fixture.pauses == [pause])
  }

  @Test func `all calls of a client share a quota of retries`() {
    let connection = Connection(region: "eu-west-1", maxAttempts: 100)
    let fixture = Fixture(Array(repeating: unavailable, count: 36), connection: connection)
    #expect(ask(fixture) != nil)
    #expect(fixture.pauses.count == 500 / 14)
    #expect(fixture.transport.remaining == 0)
  }

  @Test func `pauses grow to 20 s and no further`() {
    let connection = Connection(region: "eu-west-1", maxAttempts: 8)
    let throttled = ScriptedTransport.Step.answer(400, Answers.error("Throttling"))
    let fixture = Fixture(Array(repeating: throttled, count: 8), connection: connection)
    #expect(ask(fixture) != nil)
    #expect(fixture.pauses == [1, 2, 4, 8, 16, 20, 20].map { .seconds($0) })
  }

  @Test func `success gives back what the last retry has cost`() {
    var quota = RetryQuota()
    let paid = quota.pay(14)
    #expect(paid && quota.tokens == 486)
    quota.refund(14)
    quota.refund(nil)
    #expect(quota.tokens == 500)
    let tooMuch = quota.pay(501)
    #expect(!tooMuch && quota.tokens == 500)
  }
}

// MARK: - Deadlines

/// A transport whose requests each take some time.
final class SlowTransport: HTTPTransport, @unchecked Sendable {
  var elapsed = Duration.zero
  var timeouts: [Duration?] = []
  private let script: ScriptedTransport
  private let time: Duration

  init(_ script: [ScriptedTransport.Step], each time: Duration) {
    (self.script, self.time) = (ScriptedTransport(script), time)
  }

  func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    timeouts.append(request.timeout)
    elapsed += time
    return try script.send(request)
  }

  func client(maxAttempts: Int = 3) -> AWSClient {
    let start = ContinuousClock.now
    return AWSClient(
      connection: Connection(region: "eu-west-1", maxAttempts: maxAttempts), transport: self,
      dependencies: ClientDependencies(
        now: { Fixture.now }, instant: { start + self.elapsed }, random: { 1 }, pause: { self.elapsed += $0 }))
  }
}

struct CallDeadlineTests {
  private let timedOut = ScriptedTransport.Step.failure(.timedOut(host: "h", seconds: 30))

  private func ask(_ transport: SlowTransport, maxAttempts: Int = 3) -> AWSError? {
    do {
      _ = try STS(transport.client(maxAttempts: maxAttempts)).callerIdentity(signedBy: Fixture.longTermKey())
      return nil
    } catch {
      return error
    }
  }

  @Test func `all attempts of a call together have 30 s`() {
    let transport = SlowTransport([timedOut, timedOut, timedOut], each: .seconds(10))
    #expect(ask(transport) == .http(.timedOut(host: "h", seconds: 30)))
    #expect(transport.timeouts == [.seconds(30), .milliseconds(19_950), .milliseconds(9_850)])
  }

  @Test func `a call whose first attempt has taken all the time is not tried again`() {
    let transport = SlowTransport([timedOut], each: .seconds(30))
    #expect(ask(transport) == .http(.timedOut(host: "h", seconds: 30)))
  }

  @Test func `a pause that would outlast the call is not begun`() {
    let throttled = ScriptedTransport.Step.answer(400, Answers.error("Throttling"))
    let transport = SlowTransport(Array(repeating: throttled, count: 5), each: .seconds(1))
    let error = ask(transport, maxAttempts: 10)
    // 1, 2, 4 and 8 s; another 16 s would be too many.
    #expect(error?.means(.throttled) == true)
    #expect(transport.elapsed == .seconds(20))
  }
}
