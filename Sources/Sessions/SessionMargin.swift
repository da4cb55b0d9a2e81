package import FoundationEssentials

/// How much time a cached session must have left to be handed out.
package struct SessionMargin: Equatable, Sendable {
  /// In seconds.
  package var timeLeft: TimeInterval
  /// Whether a session whose whole life is shorter than `timeLeft` may be used until a third of its life is left.
  package var short: ShortSessions

  package init(timeLeft: TimeInterval, short: ShortSessions = .useUntilLastThird) {
    self.timeLeft = timeLeft
    self.short = short
  }

  package enum ShortSessions: Sendable { case useUntilLastThird, refuse }

  /// A command is started with at least five minutes.
  package static let command = SessionMargin(timeLeft: 5 * 60)
  /// The AWS SDKs ask `credential_process` again when less than 15 minutes are left.
  package static let credentialProcess = SessionMargin(timeLeft: 16 * 60)
  /// Enough to make the next call of a plan.
  package static let nextStep = SessionMargin(timeLeft: 60)

  package func allows(issued: Date, expiration: Date, at now: Date) -> Bool {
    let life = expiration.timeIntervalSince(issued)
    let needed = short == .useUntilLastThird && life <= timeLeft ? life / 3 : timeLeft
    return expiration.timeIntervalSince(now) >= needed
  }
}
