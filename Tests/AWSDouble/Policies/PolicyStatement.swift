/// A statement of a policy.
struct PolicyStatement: Codable, Sendable {
  enum Effect: String, Codable {
    case allow = "Allow"
    case deny = "Deny"
  }

  var effect: Effect
  var actions: [String]
  var resources: [String] = []
  /// ARNs of a trust policy's `AWS` principals.
  var principals: [String] = []
  /// What `aws:MultiFactorAuthPresent` must be, by operator: `Bool` or `BoolIfExists`.
  var mfa: [MFAOperator: Bool] = [:]

  enum MFAOperator: String, CodingKey, CaseIterable {
    case bool = "Bool"
    case boolIfExists = "BoolIfExists"
  }

  func isAbout(_ action: String) -> Bool { actions.contains { Glob($0).matches(action) } }

  func covers(_ resource: String) -> Bool { resources.contains { Glob($0).matches(resource) } }

  func names(_ principal: String) -> Bool { principals.contains(principal) || principals.contains("*") }

  func holds(in context: PolicyContext) -> Bool {
    mfa.allSatisfy { test, wanted in context.hasMFA.map { $0 == wanted } ?? (test == .boolIfExists) }
  }
}
