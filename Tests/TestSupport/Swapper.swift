import CTestSupport
internal import Foundation
import Synchronization

/// Somebody who has two paths change places, again and again, so that whoever uses one meets now this, now that.
package final class Swapper: @unchecked Sendable {
  private let isOver = Atomic(false)
  private let done = DispatchSemaphore(value: 0)
  private var count = 0

  package init(_ one: String, _ other: String) {
    Thread.detachNewThread { [self] in
      while !isOver.load(ordering: .relaxed), test_exchange(one, other) == 0 { count += 1 }
      done.signal()
    }
  }

  /// How often they changed places.
  package func end() -> Int {
    isOver.store(true, ordering: .relaxed)
    done.wait()
    return count
  }
}
