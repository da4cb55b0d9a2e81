import Glibc
import Synchronization
import Testing

/// Counts the cases of this target; with `DAYPASS_SOAK` the figure is printed when the process ends, after the runner's
/// own summary, which is to be the last line otherwise.
enum Tally {
  private static let counts = Mutex((all: 0, passed: 0))
  private static let printing: Void = {
    if getenv("DAYPASS_SOAK") != nil { _ = atexit { Tally.printFigure() } }
  }()

  /// Records that the case `name` was tried; every problem fails the test.
  static func record(_ name: String, _ problems: [String]) {
    _ = printing
    counts.withLock { counts in
      counts.all += 1
      counts.passed += problems.isEmpty ? 1 : 0
    }
    if !problems.isEmpty { Issue.record("\(name): \(problems.joined(separator: "; "))") }
  }

  private static func printFigure() {
    let counts = counts.withLock { $0 }
    print("figure: hostile server cases passed = \(counts.passed) of \(counts.all)")
  }
}
