import Synchronization

/// Counts the time a client would have waited.
final class Pauses: Sendable {
  private let sum = Mutex(Duration.zero)

  var total: Duration { sum.withLock { $0 } }

  func record(_ pause: Duration) { sum.withLock { $0 += pause } }
}
