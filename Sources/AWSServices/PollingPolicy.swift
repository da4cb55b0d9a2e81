/// Tries again what may succeed a moment later: mostly a change in IAM, which takes seconds to reach all of AWS, and during
/// which IAM accepts no other. It counts its pauses and looks at no clock, which may jump.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
package struct PollingPolicy {
  private let pauses: [Duration]
  private let pause: (Duration) -> Void

  package init(pauses: [Duration], pause: @escaping (Duration) -> Void) {
    self.pauses = pauses
    self.pause = pause
  }

  /// Pauses for `limit` seconds in all, `step` seconds each.
  package init(limit: Int = 60, step: Int = 2, pause: @escaping (Duration) -> Void) {
    self.init(pauses: Array(repeating: .seconds(step), count: limit / step), pause: pause)
  }

  /// For a change while IAM is busy with the one before (EntityTemporarilyUnmodifiable): a quarter of a minute.
  package static func whileBusy(pause: @escaping (Duration) -> Void) -> PollingPolicy {
    PollingPolicy(pauses: [1, 2, 4, 8].map { .seconds($0) }, pause: pause)
  }

  /// A short policy, for what may not come at all.
  package var brief: PollingPolicy { PollingPolicy(pauses: Array(pauses.prefix(1)), pause: pause) }

  /// Seconds.
  package var limit: Int { Int(pauses.reduce(.zero, +).components.seconds) }

  /// Makes `attempt` again after each pause as long as it fails in a way that passes; throws its last error. `waiting` is
  /// called before each pause with the time waited so far.
  package func retry<Result: ~Copyable, Failure: Error>(
    _ attempt: () throws(Failure) -> Result, while passes: (Failure) -> Bool,
    waiting: (Duration) -> Void = { _ in }
  ) throws(Failure) -> Result {
    var waited = Duration.zero
    for length in pauses {
      do throws(Failure) {
        return try attempt()
      } catch {
        guard passes(error) else { throw error }
      }
      waiting(waited)
      pause(length)
      waited += length
    }
    return try attempt()
  }

  /// Whether `fact` came true within the limit; `waiting` is called before the first pause.
  package func wait(for fact: () throws -> Bool, waiting: () -> Void = {}) throws -> Bool {
    for (index, length) in pauses.enumerated() {
      if try fact() { return true }
      if index == 0 { waiting() }
      pause(length)
    }
    return try fact()
  }
}
