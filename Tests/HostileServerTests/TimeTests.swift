import AWSDouble
import AWSServices
import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

/// A clock that is off by minutes to days, here or there.
@Suite(.keyring)
struct ClockSkewTests {
  /// Seconds that AWS is ahead, and what daypass calls the distance; AWS minds more than 5 minutes.
  private static let offsets: [(seconds: Double, words: String?)] = [
    (240, nil), (-240, nil), (360, "6 min"), (-360, "6 min"), (3_600, "60 min"), (-3_600, "60 min"),
    (86_400, "24 h"), (-86_400, "24 h"),
  ]

  @Test func `a clock that is off is allowed for and told, and never a loop`() throws {
    let user = try TestUser.ofDouble()
    for (seconds, words) in Self.offsets {
      let double = try AWSDouble.start()
      double.clock = .offset(seconds)
      let identity = try user.run(["whoami", "alice", "--no-session"], at: double.url, with: Self.twoAttempts)
      Self.expect("identity, \(seconds) s", identity, words, calls: words == nil ? 1 : 2, double)
      try double.stop()
    }
  }

  @Test func `a session from another time is handed out with the time it ends by our clock`() throws {
    let user = try TestUser.ofDouble()
    for (seconds, words) in Self.offsets {
      let double = try AWSDouble.start()
      double.clock = .offset(seconds)
      let first = try user.run(["credential-process", "alice"], at: double.url, with: Self.twoAttempts)
      Self.expect("session, \(seconds) s", first, words, calls: words == nil ? 1 : 2, double)
      double.forgetCalls()
      let again = try user.run(["credential-process", "alice"], at: double.url, with: Self.twoAttempts)
      Self.expect("cached session, \(seconds) s", again, nil, calls: 0, double)
      try double.stop()
    }
  }

  @Test func `an MFA code that was refused for the clock is not called wrong`() throws {
    let user = try TestUser.ofDouble()
    for (seconds, words) in Self.offsets where words != nil {
      let double = try AWSDouble.start()
      double.clock = .offset(seconds)
      guard let code = double.code(for: TestUser.device) else { throw SetupFailure("no code") }
      let outcome = try user.run(["credential-process", "phone", "--mfa-code", code], at: double.url)
      let verdict = Verdict.refused(75, "clock is off by \(words ?? "")")
      let sent = double.calls.filter(\.hasMFACode).count
      try double.stop()
      Tally.record("code, \(seconds) s", verdict.problems(of: outcome) + (sent == 1 ? [] : ["\(sent) times sent"]))
    }
  }

  private static let twoAttempts = ["AWS_MAX_ATTEMPTS": "2"]

  private static func expect(
    _ name: String, _ outcome: Launch.Outcome, _ words: String?, calls: Int, _ double: AWSDouble
  ) {
    var problems = Verdict.served.problems(of: outcome)
    let warns = outcome.errorText.contains("daypass: warning: this machine's clock is off by")
    if let words, !outcome.errorText.contains("off by \(words)") { problems.append("not told: \(outcome.errorText)") }
    if words == nil, warns { problems.append(outcome.errorText) }
    if double.calls.count != calls { problems.append("\(double.calls.count) calls") }
    Tally.record(name, problems)
  }
}

// MARK: - Throttling tests

/// Services in trouble, and what we add to it.
@Suite(.keyring)
struct ThrottlingTests {
  @Test func `a storm is reported after as many attempts as the user allows`() throws {
    let user = try TestUser.ofDouble()
    let slow = Verdict.refused(75, "AWS asks to slow down")
    let down = Verdict.refused(75, "AWS is not available at the moment")
    let storms: [(Fault, Verdict)] = [
      (.throttle, slow), (.serverError, down), (.unavailable, down),
      (.refuse(status: 429, code: "TooManyRequests", message: ""), slow),
      (.refuse(status: 400, code: "SlowDown", message: ""), slow),
      (.close, .refused(75, "closed the connection before the reply was complete")),
      (.cut, .refused(75, "closed the connection before the reply was complete")),
    ]
    for (fault, verdict) in storms {
      try Self.weather(user, fault, times: 100, verdict, calls: 2)
      try Self.weather(user, fault, times: 1, .served, calls: 2)
    }
  }

  @Test func `a waiting time that a server wishes for is bounded`() throws {
    for header in ["x-amz-retry-after: 4294967295", "Retry-After: 1000000000", "x-amz-retry-after: 1e9"] {
      let busy = SessionAnswer.http(
        "<ErrorResponse><Error><Code>Throttling</Code><Message>no</Message></Error></ErrorResponse>",
        status: "503 No", headers: [header])
      let server = LoopbackServer(always: .answer(busy))
      let pauses = Pauses()
      _ = Caller(port: server.port, attempts: 4, pauses: pauses).failure()
      let requests = server.requests().count
      // 1, 2 and 4 s, and 5 s more each if the service asks for it.
      let isBounded = requests == 4 && pauses.total <= .seconds(22)
      Tally.record(header, isBounded ? [] : ["\(requests) requests, \(pauses.total)"])
    }
  }

  @Test func `many calls in a storm share one quota of retries`() throws {
    let busy = SessionAnswer.http("<x/>", status: "503 No")
    let server = LoopbackServer(always: .answer(busy))
    let caller = Caller(port: server.port, attempts: 1_000, pauses: Pauses())
    let client = caller.client
    for _ in 1...20 { _ = caller.failure(with: client) }
    let requests = server.requests().count
    // 500 tokens, 14 for each retry.
    Tally.record("20 calls in a storm", requests <= 20 + 500 / 14 ? [] : ["\(requests) requests"])
  }

  private static func weather(
    _ user: TestUser, _ fault: Fault, times: Int, _ verdict: Verdict, calls: Int
  ) throws {
    let double = try AWSDouble.start()
    double.fail(.getCallerIdentity, with: fault, times: times)
    let key = ["AWS_MAX_ATTEMPTS": "2"]
    let outcome = try user.run(["whoami", "alice", "--no-session"], at: double.url, with: key)
    var problems = verdict.problems(of: outcome)
    if double.calls.count != calls { problems.append("\(double.calls.count) calls") }
    try double.stop()
    Tally.record("\(fault) \(times) times", problems)
  }
}
