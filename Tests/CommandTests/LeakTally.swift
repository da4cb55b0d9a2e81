import Glibc
import Synchronization
import TestSupport
import Testing

/// Counts what was searched for secrets after the end-to-end cases; the figure is published when the process ends.
enum LeakTally {
  private static let counts = Mutex((cases: 0, places: 0, leaks: 0))
  private static let publishing: Void = { _ = atexit { LeakTally.publishFigure() } }()

  /// Records what was found in the places where a case could have left a secret; every one fails the test.
  static func record(_ name: String, _ places: [String: [String]]) {
    _ = publishing
    let found = places.filter { !$0.value.isEmpty }
    counts.withLock { $0 = ($0.cases + 1, $0.places + places.count, $0.leaks + found.count) }
    for (place, leaks) in found { Issue.record("\(name): \(place) holds \(leaks)") }
  }

  private static func publishFigure() {
    let counts = counts.withLock { $0 }
    publish(
      figure: "leaks over the end-to-end cases",
      "\(counts.leaks) (\(counts.cases) runs, \(counts.places) outputs, files, command lines and environments searched)"
    )
  }
}
