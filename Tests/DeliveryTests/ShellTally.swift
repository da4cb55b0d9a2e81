import Glibc
import Synchronization
import TestSupport

/// Counts what shells were given; the figures are published when the process ends.
enum ShellTally {
  private static let counts = Mutex((shells: 0, refused: 0, effects: 0))
  private static let publishing: Void = { _ = atexit { ShellTally.publishFigures() } }()

  /// Records that a shell was given every hostile value: how many of them were refused, and what files it made.
  static func record(refused: Int, effects: Int) {
    _ = publishing
    counts.withLock { $0 = ($0.shells + 1, refused, $0.effects + effects) }
  }

  private static func publishFigures() {
    let counts = counts.withLock { $0 }
    let values = HostileValues.all.count
    publish(
      figure: "hostile values × shells through eval",
      "\(values) × \(counts.shells): \(values - counts.refused) read back equal, \(counts.refused) refused")
    publish(figure: "shell side effects", counts.effects)
  }
}
