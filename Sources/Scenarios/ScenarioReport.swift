package import FoundationEssentials

/// What a run found, and what became of what it made.
package struct ScenarioReport: Sendable {
  package let scenario: Scenario
  package let names: ScenarioNames
  package internal(set) var findings: [Finding] = []
  /// When the session with MFA ends.
  package internal(set) var expiration: Date?
  package internal(set) var teardown = Teardown.Result()
  /// What kept the run from its end; nil where every expectation held.
  package internal(set) var failure: ScenarioFailure?

  init(_ scenario: Scenario, _ names: ScenarioNames) {
    self.scenario = scenario
    self.names = names
  }
}
