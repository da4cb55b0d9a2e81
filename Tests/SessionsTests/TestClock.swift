import FoundationEssentials
import Synchronization

/// A clock that stands still until a test moves it; it starts at 2026-11-21T08:00:00Z.
final class TestClock: Sendable {
  static let start = Date(timeIntervalSince1970: 1_795_248_000)
  private let time = Mutex(start)

  var now: Date { time.withLock { $0 } }

  func advance(by seconds: TimeInterval) {
    time.withLock { $0 += seconds }
  }
}
