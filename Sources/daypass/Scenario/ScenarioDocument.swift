import AWSValues
import FoundationEssentials
import Scenarios

/// What `scenario --json` prints.
struct ScenarioDocument: Report {
  /// Absent of `cleanup`.
  let scenario: String?
  let run: String?
  let steps: [Step]
  /// RFC 3339, UTC; absent where there was no session.
  let expiration: String?
  let removed: [String]
  let remaining: [String]
  /// What kept the run from its end.
  let problem: String?

  struct Step: Encodable {
    let step: String
    let expected: String
    let happened: String
    let held: Bool
  }

  init(
    scenario: String?, run: String?, steps: [Step], expiration: String?, removed: [String], remaining: [String],
    problem: String?
  ) {
    (self.scenario, self.run, self.steps, self.expiration) = (scenario, run, steps, expiration)
    (self.removed, self.remaining, self.problem) = (removed, remaining, problem)
  }

  init(_ report: ScenarioReport) {
    scenario = report.scenario.rawValue
    run = report.names.run
    steps = report.findings.map {
      Step(
        step: $0.check.rawValue, expected: $0.check.expectation.rawValue, happened: $0.outcome.words, held: $0.holds)
    }
    expiration = report.expiration?.rfc3339
    (removed, remaining) = (report.teardown.removed.map(\.words), report.teardown.remaining.map(\.words))
    problem = report.failure.map { Explained.error($0.error).problem }
  }

  init(_ result: Teardown.Result) {
    (scenario, run, steps, expiration, problem) = (nil, nil, [], nil, nil)
    (removed, remaining) = (result.removed.map(\.words), result.remaining.map(\.words))
  }

  var text: String { "" }
}
