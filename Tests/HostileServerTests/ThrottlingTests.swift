import AWSDouble
import AWSServices
import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

/// Services in trouble, and what we add to it (N11).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "needs gnome-keyring and dbus"))
struct ThrottlingTests {
  @Test func `a storm is told after as many attempts as the user allows`() throws {
    let customer = try Customer()
    try customer.useKeyOfDouble()
    let slow = Verdict.refused(75, "AWS asks to slow down")
    let down = Verdict.refused(75, "AWS is not available at the moment")
    let storms: [(Fault, Verdict)] = [
      (.throttle, slow), (.serverError, down), (.unavailable, down),
      (.refuse(status: 429, code: "TooManyRequests", message: ""), slow),
      (.refuse(status: 400, code: "SlowDown", message: ""), slow),
      (.close, .refused(75, "broke off in mid-answer")), (.cut, .refused(75, "broke off in mid-answer")),
    ]
    for (fault, verdict) in storms {
      try Self.weather(customer, fault, times: 100, verdict, calls: 2)
      try Self.weather(customer, fault, times: 1, .served, calls: 2)
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
      // 1, 2 and 4 s, and 5 s more each where the service asks for it.
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
    _ customer: Customer, _ fault: Fault, times: Int, _ verdict: Verdict, calls: Int
  ) throws {
    let double = try AWSDouble.start()
    double.fail(.getCallerIdentity, with: fault, times: times)
    let key = ["AWS_MAX_ATTEMPTS": "2"]
    let outcome = try customer.run(["whoami", "alice", "--no-session"], at: double.url, with: key)
    var problems = verdict.problems(of: outcome)
    if double.calls.count != calls { problems.append("\(double.calls.count) calls") }
    try double.stop()
    Tally.record("\(fault) \(times) times", problems)
  }
}
