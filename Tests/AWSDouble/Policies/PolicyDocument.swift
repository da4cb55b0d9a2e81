import FoundationEssentials

/// A policy in IAM's JSON, as far as the double understands it; anything else in it is refused.
package struct PolicyDocument: Codable, Sendable {
  var statements: [PolicyStatement]

  init(_ statements: [PolicyStatement]) { self.statements = statements }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case version = "Version"
    case statements = "Statement"
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    guard try fields.decode(String.self, forKey: .version) == "2012-10-17" else {
      throw DecodingError.dataCorruptedError(forKey: .version, in: fields, debugDescription: "not 2012-10-17")
    }
    statements = try fields.decode(OneOrMore<PolicyStatement>.self, forKey: .statements).values
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode("2012-10-17", forKey: .version)
    try fields.encode(statements, forKey: .statements)
  }

  /// Throws `MalformedPolicyDocument` unless it is a policy for a user or role, or a role's trust, as `kind` says.
  init(_ text: String, as kind: PolicyKind) throws(Refusal) {
    do {
      self = try JSONDecoder().decode(PolicyDocument.self, from: Data(text.utf8))
    } catch {
      throw .malformedPolicy("Syntax errors in policy.")
    }
    let fits = statements.allSatisfy {
      $0.resources.isEmpty == (kind == .trust) && $0.principals.isEmpty != (kind == .trust)
    }
    guard fits, !statements.isEmpty else { throw .malformedPolicy("Policy statement must contain resources.") }
  }

  /// Whether an action is allowed, and not denied.
  func allows(_ action: String, on resource: String, _ context: PolicyContext) -> Bool {
    decides(statements.filter { $0.isAbout(action) && $0.covers(resource) && $0.holds(in: context) })
  }

  /// Whether a role's trust lets one of the principals assume it.
  func trusts(_ principal: String, _ context: PolicyContext) -> Bool {
    decides(statements.filter { $0.isAbout("sts:AssumeRole") && $0.names(principal) && $0.holds(in: context) })
  }

  private func decides(_ matching: [PolicyStatement]) -> Bool {
    matching.contains { $0.effect == .allow } && !matching.contains { $0.effect == .deny }
  }
}

/// Where a policy stands.
enum PolicyKind { case identity, trust }
