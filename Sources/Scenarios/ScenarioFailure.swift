/// An error as a value that can be compared by what it says.
package struct ScenarioFailure: Equatable, Sendable {
  package let error: any Error

  package init(error: any Error) {
    self.error = error
  }

  package static func == (left: ScenarioFailure, right: ScenarioFailure) -> Bool {
    String(describing: left.error) == String(describing: right.error)
  }
}
