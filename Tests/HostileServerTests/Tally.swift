import Glibc
import Synchronization
import TestSupport
import Testing

/// Counts the cases of this target; the figure is published when the process ends.
enum Tally {
  private static let counts = Mutex((all: 0, passed: 0))
  private static let publishing: Void = { _ = atexit { Tally.publishFigure() } }()

  /// Records that the case `name` was tried; every problem fails the test.
  static func record(_ name: String, _ problems: [String]) {
    _ = publishing
    counts.withLock { counts in
      counts.all += 1
      counts.passed += problems.isEmpty ? 1 : 0
    }
    if !problems.isEmpty { Issue.record("\(name): \(problems.joined(separator: "; "))") }
  }

  private static func publishFigure() {
    let counts = counts.withLock { $0 }
    publish(figure: "hostile server cases passed", "\(counts.passed) of \(counts.all)")
  }
}
