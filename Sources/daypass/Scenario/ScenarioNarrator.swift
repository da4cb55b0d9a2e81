import Console
import FoundationEssentials
import Scenarios

/// Tells a run on stderr, its waits on one line.
final class ScenarioNarrator {
  private let diagnostics: Diagnostics
  private let progress: ProgressLine

  init(_ diagnostics: Diagnostics) {
    self.diagnostics = diagnostics
    progress = ProgressLine(diagnostics)
  }

  func tell(_ event: ScenarioEvent) {
    switch event {
    case .waiting(let fact, let share): return progress.show(fact.words, share: share)
    case .waitingForCode(let end):
      return progress.show("the device's next code", secondsLeft: max(1, Int(end.timeIntervalSinceNow.rounded(.up))))
    case .made, .deviceEnabled, .keyMade, .policyWritten, .seen, .codeCame, .found, .removing, .removed, .notRemoved:
      progress.clear()
    }
    if let words = event.words { diagnostics.note(words) }
  }
}
