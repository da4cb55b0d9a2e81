internal import Foundation
package import Testing

/// Runs the tests of a suite on threads of their own, several at a time: they wait for programs most of the time, and Swift's
/// own pool has as many threads as there are processors.
package struct Waiting: SuiteTrait, TestTrait, TestScoping {
  fileprivate var condition: ConditionTrait?

  package var isRecursive: Bool { true }

  package func prepare(for test: Test) async throws { try await condition?.prepare(for: test) }

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(WaitingThreads.shared) { try await function() }
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
}

/// Threads that take jobs in turn.
private final class WaitingThreads: TaskExecutor, @unchecked Sendable {
  static let shared = WaitingThreads()

  private static let count = 4
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []

  private init() {
    for _ in 0..<Self.count {
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
