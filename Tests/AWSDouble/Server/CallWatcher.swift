import Dispatch

/// Wakes a test when a number of calls of one action came.
struct CallWatcher: Sendable {
  let action: Action
  let count: Int
  private let semaphore = DispatchSemaphore(value: 0)

  init(_ count: Int, of action: Action) { (self.count, self.action) = (count, action) }

  func isSatisfied(by calls: [RecordedCall]) -> Bool {
    guard calls.count(where: { $0.action == action.rawValue }) >= count else { return false }
    semaphore.signal()
    return true
  }

  func wait(seconds: Double) -> Bool { semaphore.wait(timeout: .now() + seconds) == .success }
}
