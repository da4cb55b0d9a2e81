import Synchronization
import TestSupport

/// Counts the cells of the state matrix over its tests, and publishes when the last state was tried.
final class CellTally: Sendable {
  private struct Count {
    var states = 0
    var cells = 0
    var documented = 0
    var longest = Duration.zero
  }

  private let expected: Int
  private let count = Mutex(Count())

  /// `states`: how many will be tried.
  init(states: Int) { expected = states }

  func add(_ outcome: Attempt.Outcome, isDocumented: Bool) {
    count.withLock { count in
      count.cells += 1
      count.documented += isDocumented ? 1 : 0
      count.longest = max(count.longest, outcome.duration)
    }
  }

  func finishState() {
    let count = count.withLock { count in
      count.states += 1
      return count
    }
    guard count.states == expected else { return }
    publish(figure: "keyring states × commands as documented", "\(count.documented) of \(count.cells)")
    let milliseconds = count.longest / .milliseconds(1)
    publish(figure: "longest wait in the state matrix", "\((milliseconds / 100).rounded() / 10) s")
  }
}
