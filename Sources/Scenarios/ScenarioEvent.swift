package import FoundationEssentials

/// What a run tells while it goes on.
package enum ScenarioEvent: Equatable, Sendable {
  case made(Resource)
  case deviceEnabled
  case keyMade
  case policyWritten
  case waiting(Fact, share: Double)
  case seen(Fact)
  /// An automatic run waits for its device's next code.
  case waitingForCode(until: Date)
  case codeCame
  case found(Finding)
  case removing
  case removed(Resource)
  case notRemoved(Resource, ScenarioFailure)
}
