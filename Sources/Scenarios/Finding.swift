package import AWSServices
package import FoundationEssentials

/// What came of a check.
package struct Finding: Equatable, Sendable {
  package let check: Check
  package let outcome: Outcome

  package enum Outcome: Equatable, Sendable {
    case identity(arn: String, expected: String)
    case denied(ServiceError)
    case buckets([String])
    case session(expiration: Date?)
  }

  init(_ check: Check, _ outcome: Outcome) {
    self.check = check
    self.outcome = outcome
  }

  package var holds: Bool {
    switch (check.expectation, outcome) {
    case (.identity, .identity(let arn, let expected)): arn == expected
    case (.denied, .denied), (.allowed, .buckets): true
    case (.session, .session(let expiration)): expiration != nil
    case (.identity, _), (.denied, _), (.allowed, _), (.session, _): false
    }
  }
}
