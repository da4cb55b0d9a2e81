internal import AWSServices
package import FoundationEssentials

extension ScenarioRun {
  /// Seconds: as long as a change in IAM has ever been seen to take.
  private static let limit = 120

  /// Repeats `attempt` until AWS no longer refuses it with one of the `pending` meanings.
  /// - Throws: `notSeen`, `interrupted`, and whatever else `attempt` throws.
  func wait<Result: ~Copyable>(
    for fact: Condition, while pending: [ServiceError.Meaning], _ attempt: () throws(AWSError) -> Result
  ) throws -> Result {
    let polling = PollingPolicy(limit: Self.limit, step: 1) { [time] in _ = time.pause($0) }
    defer { tell(.seen(fact)) }
    do {
      return try polling.retry {
        try time.wait(.zero)
        return try attempt()
      } while: {
        Self.isPending($0, pending)
      } waiting: {
        tell(waiting(for: fact, $0))
      }
    } catch let error where Self.isPending(error, pending) {
      throw ScenarioError.notSeen(fact, seconds: Self.limit)
    }
  }

  private static func isPending(_ error: any Error, _ pending: [ServiceError.Meaning]) -> Bool {
    (error as? AWSError)?.refusal(meaning: pending) != nil
  }

  /// Usually a small part of the limit is enough; the square root makes that visible.
  private func waiting(for fact: Condition, _ waited: Duration) -> ScenarioEvent {
    .waiting(fact, share: (waited / .seconds(Self.limit)).squareRoot())
  }
}

// MARK: - InterruptibleClock

/// A run's time.
package struct InterruptibleClock: Sendable {
  let now: @Sendable () -> Date
  let instant: @Sendable () -> ContinuousClock.Instant
  let pause: @Sendable (Duration) -> Pause

  package enum Pause: Sendable {
    case over
    /// A signal arrived before that ends us.
    case interrupted
  }

  /// `now` is the wall clock, `instant` a clock that nobody can set.
  package init(
    now: @escaping @Sendable () -> Date, instant: @escaping @Sendable () -> ContinuousClock.Instant,
    pause: @escaping @Sendable (Duration) -> Pause
  ) {
    self.now = now
    self.instant = instant
    self.pause = pause
  }

  /// - Throws: `interrupted`, at once if a signal arrived.
  func wait(_ time: Duration) throws(ScenarioError) {
    switch pause(time) {
    case .over: return
    case .interrupted: throw .interrupted
    }
  }
}
