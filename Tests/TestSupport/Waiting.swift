internal import Foundation
package import Testing

/// Runs the tests of a suite on threads of their own, several at a time: they wait for programs most of the time, and Swift's
/// own pool has as many threads as there are processors.
package struct Waiting: SuiteTrait, TestTrait, TestScoping {
  fileprivate var condition: ConditionTrait?
  fileprivate var threads = WaitingThreads.shared

  package var isRecursive: Bool { true }

  package func prepare(for test: Test) async throws { try await condition?.prepare(for: test) }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(threads) { try await function() }
  }
}

extension Trait where Self == Waiting {
  /// Tests of programs that this package starts.
  package static var waiting: Waiting { Waiting() }

  /// Tests with a real keyring of their own.
  package static var keyring: Waiting {
    Waiting(
      condition: .enabled(
        if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
  }

  /// The same for tests in which nothing happens for a minute: they begin at once, so that the run does not end with them.
  package static var slowKeyring: Waiting {
    var waiting = keyring
    waiting.threads = .ofSlow
    return waiting
  }
}

/// Threads that take jobs in turn.
private final class WaitingThreads: TaskExecutor, @unchecked Sendable {
  static let shared = WaitingThreads(count: 8)
  static let ofSlow = WaitingThreads(count: 3)

  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  private init(count: Int) {
    for _ in 0..<count {
      let thread = Thread { [unowned self] in work() }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock { jobs.append(job) }
    condition.signal()
  }

  private func work() {
    while true {
      condition.lock()
      while jobs.isEmpty { condition.wait() }
      let job = jobs.removeFirst()
      condition.unlock()
      unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
