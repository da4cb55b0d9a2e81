package import FoundationEssentials

/// A run's time.
package struct Timekeeper: Sendable {
  let now: @Sendable () -> Date
  let instant: @Sendable () -> ContinuousClock.Instant
  let pause: @Sendable (Duration) -> Pause

  package enum Pause: Sendable {
    case over
    /// A signal that ends us came before.
    case interrupted
  }

  /// `now` is the wall clock, `instant` one that is never set.
  package init(
    now: @escaping @Sendable () -> Date, instant: @escaping @Sendable () -> ContinuousClock.Instant,
    pause: @escaping @Sendable (Duration) -> Pause
  ) {
    self.now = now
    self.instant = instant
    self.pause = pause
  }

  /// - Throws: `interrupted` at once where a signal has come.
  func wait(_ time: Duration) throws(ScenarioError) {
    switch pause(time) {
    case .over: return
    case .interrupted: throw .interrupted
    }
  }
}
