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

  func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(effect, forKey: .effect)
    try fields.encode(actions, forKey: .actions)
    if !resources.isEmpty { try fields.encode(resources, forKey: .resources) }
    if !principals.isEmpty {
      var principal = fields.nestedContainer(keyedBy: PrincipalKeys.self, forKey: .principals)
      try principal.encode(principals, forKey: .aws)
    }
    guard !mfa.isEmpty else { return }
    var condition = fields.nestedContainer(keyedBy: MFAOperator.self, forKey: .condition)
    for (test, wanted) in mfa {
      var keys = condition.nestedContainer(keyedBy: ConditionKeys.self, forKey: test)
      try keys.encode(wanted, forKey: .mfa)
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
