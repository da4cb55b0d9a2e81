import AWSDouble
import TestSupport
import Testing

/// A clock that is off by minutes to days, here or there (N13).
@Suite(.enabled(if: PrivateKeyring.isInstalled, "needs gnome-keyring and dbus"))
struct ClockSkewTests {
  /// Seconds that AWS is ahead, and what daypass calls the distance; AWS minds more than 5 minutes.
  private static let offsets: [(seconds: Double, words: String?)] = [
    (240, nil), (-240, nil), (360, "6 min"), (-360, "6 min"), (3_600, "60 min"), (-3_600, "60 min"),
    (86_400, "24 h"), (-86_400, "24 h"),
  ]

  @Test func `a clock that is off is allowed for and told, and never a loop`() throws {
    let customer = try Customer()
    try customer.useKeyOfDouble()
    for (seconds, words) in Self.offsets {
      let double = try AWSDouble.start()
      double.clock = .offset(seconds)
      let identity = try customer.run(["whoami", "alice", "--no-session"], at: double.url, with: Self.twoAttempts)
      Self.expect("identity, \(seconds) s", identity, words, calls: words == nil ? 1 : 2, double)
      try double.stop()
    }
  }

  @Test func `a session from another time is handed out with the time it ends by our clock`() throws {
    let customer = try Customer()
    try customer.useKeyOfDouble()
    for (seconds, words) in Self.offsets {
      let double = try AWSDouble.start()
      double.clock = .offset(seconds)
      let first = try customer.run(["credential-process", "alice"], at: double.url, with: Self.twoAttempts)
      Self.expect("session, \(seconds) s", first, words, calls: words == nil ? 1 : 2, double)
      double.forgetCalls()
      let again = try customer.run(["credential-process", "alice"], at: double.url, with: Self.twoAttempts)
      Self.expect("cached session, \(seconds) s", again, nil, calls: 0, double)
      try double.stop()
    }
  }

  @Test func `an MFA code that was refused for the clock is not called wrong`() throws {
    let customer = try Customer()
    try customer.useKeyOfDouble()
    for (seconds, words) in Self.offsets where words != nil {
      let double = try AWSDouble.start()
      double.clock = .offset(seconds)
      guard let code = double.code(for: Customer.device) else { throw SetupFailure("no code") }
      let outcome = try customer.run(["credential-process", "phone", "--mfa-code", code], at: double.url)
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
