import FoundationEssentials

/// A policy in IAM's JSON, as far as the double understands it; anything else in it is refused.
package struct PolicyDocument: Decodable, Sendable {
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

/// What a policy belongs to.
enum PolicyKind { case identity, trust }

// MARK: - Policy statement

/// A statement of a policy.
struct PolicyStatement: Decodable, Sendable {
  enum Effect: String, Decodable {
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

// MARK: - JSON

extension PolicyStatement {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case id = "Sid"
    case effect = "Effect"
    case actions = "Action"
    case resources = "Resource"
    case principals = "Principal"
    case condition = "Condition"
  }

  private enum PrincipalKeys: String, CodingKey, CaseIterable { case aws = "AWS" }

  private enum ConditionKeys: String, CodingKey, CaseIterable { case mfa = "aws:MultiFactorAuthPresent" }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    effect = try fields.decode(Effect.self, forKey: .effect)
    actions = try fields.decode(OneOrMore<String>.self, forKey: .actions).values
    resources = try fields.decodeIfPresent(OneOrMore<String>.self, forKey: .resources)?.values ?? []
    if fields.contains(.principals) {
      let principal = try fields.superDecoder(forKey: .principals).fields(PrincipalKeys.self)
      principals = try principal.decode(OneOrMore<String>.self, forKey: .aws).values
    }
    guard fields.contains(.condition) else { return }
    let condition = try fields.superDecoder(forKey: .condition).fields(MFAOperator.self)
    for test in condition.allKeys {
      let keys = try condition.superDecoder(forKey: test).fields(ConditionKeys.self)
      mfa[test] = try keys.decode(Flag.self, forKey: .mfa).value
    }
  }
}

/// `true` or `"true"`, which policies do not tell apart.
private struct Flag: Decodable {
  let value: Bool

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self.value = value
    } else {
      let text = try container.decode(String.self)
      guard let value = Bool(text) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "neither true nor false")
      }
      self.value = value
    }
  }
}

// MARK: - Inline policy

/// A policy inside a user or role.
package struct InlinePolicy: Decodable, Sendable {
  var document: PolicyDocument
  var visibility: Visibility?

  init(_ document: PolicyDocument, visibility: Visibility? = nil) {
    (self.document, self.visibility) = (document, visibility)
  }

  package init(from decoder: any Decoder) throws { document = try PolicyDocument(from: decoder) }
}

/// A value or a list of values, which policies do not tell apart.
struct OneOrMore<Value: Decodable>: Decodable {
  let values: [Value]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    values = try (try? container.decode([Value].self)) ?? [container.decode(Value.self)]
  }
}

// MARK: - Glob

/// A pattern of a policy, in which `*` is any text and `?` any character.
struct Glob {
  private let pattern: ArraySlice<Character>

  init(_ pattern: String) { self.pattern = Array(pattern)[...] }

  func matches(_ text: String) -> Bool { Self.matches(pattern, Array(text)[...]) }

  private static func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return matches(pattern.dropFirst(), text) || (!text.isEmpty && matches(pattern, text.dropFirst()))
    }
    guard let next = text.first, first == "?" || first == next else { return false }
    return matches(pattern.dropFirst(), text.dropFirst())
  }
}

// MARK: - Policy context

/// What a request is made with, for the conditions of policies.
struct PolicyContext: Sendable {
  /// `aws:MultiFactorAuthPresent`; nil with a long-term key, whose requests do not have it.
  let hasMFA: Bool?

  static let withMFA = PolicyContext(hasMFA: true)

  init(hasMFA: Bool?) { self.hasMFA = hasMFA }

  init(_ kind: CredentialKind) {
    switch kind {
    case .longTerm: hasMFA = nil
    case .session, .roleSession, .federated: hasMFA = false
    case .mfaSession: hasMFA = true
    }
  }
}

// MARK: - Policy

extension Account {
  /// Throws `AccessDenied` in AWS's words unless the caller's policies allow `action`, such as `s3:ListAllMyBuckets`.
  func authorize(_ caller: Caller, to action: String, on resource: String? = nil) throws(Refusal) {
    if deniedActions(of: caller.identity).contains(action) || !mayDo(action, on: resource, as: caller.identity) {
      throw denial(of: action, to: caller, on: resource)
    }
    if caller.kind != .mfaSession && actionsNeedingMFA(of: caller.identity).contains(action) {
      let start = denialStart(of: action, to: caller, on: resource)
      throw .accessDenied(start + " with an explicit deny in an identity-based policy")
    }
  }

  func denial(of action: String, to caller: Caller, on resource: String?) -> Refusal {
    let start = denialStart(of: action, to: caller, on: resource)
    return .accessDenied(start + " because no identity-based policy allows the \(action) action")
  }

  private func denialStart(of action: String, to caller: Caller, on resource: String?) -> String {
    let place = resource.map { " on resource: \($0)" } ?? ""
    return "User: \(arn(of: caller.identity) ?? "") is not authorized to perform: \(action)\(place)"
  }

  /// Everybody may read; users may change their own keys and MFA devices, and administrators everything.
  private func mayDo(_ action: String, on resource: String?, as identity: Identity) -> Bool {
    guard let name = identity.userName, let user = self[user: name] else { return Self.isReading(action) }
    if user.mayAdministerIAM || Self.isReading(action) { return true }
    guard action.contains("AccessKey") || action.contains("MFADevice") else { return false }
    return resource == arn(of: user) || resource?.contains(":mfa/") == true
  }

  private static func isReading(_ action: String) -> Bool {
    !action.hasPrefix("iam:") || action.hasPrefix("iam:Get") || action.hasPrefix("iam:List")
  }

  /// Whether the caller's own policy names the role.
  func mayAssume(_ role: Role, as identity: Identity) -> Bool {
    let allowed =
      switch identity {
      case .user(let name), .federated(let name, _): self[user: name]?.assumableRoles ?? []
      case .role(let arn, _): self[role: arn]?.assumableRoles ?? []
      }
    return allowed.contains(role.arn) || allowed.contains("*")
  }

  private func deniedActions(of identity: Identity) -> Set<String> {
    switch identity {
    case .user(let name), .federated(let name, _): self[user: name]?.deniedActions ?? []
    case .role(let arn, _): self[role: arn]?.deniedActions ?? []
    }
  }

  private func actionsNeedingMFA(of identity: Identity) -> Set<String> {
    switch identity {
    case .user(let name), .federated(let name, _): self[user: name]?.actionsNeedingMFA ?? []
    case .role: []  // sessions of a role never carry aws:MultiFactorAuthPresent
    }
  }
}
