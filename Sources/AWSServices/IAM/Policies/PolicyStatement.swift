/// One thing that a policy allows.
struct PolicyStatement: Equatable, Sendable {
  let action: String
  private let object: Object
  private let condition: PolicyCondition?

  /// What the action is done to in a policy of its doer, or by whom in a policy of the thing itself.
  private enum Object: Equatable {
    case resource(String)
    case principal(String)
  }

  init(_ action: String, on resource: String, condition: PolicyCondition? = nil) {
    self.action = action
    self.object = .resource(resource)
    self.condition = condition
  }

  init(_ action: String, by principal: String, condition: PolicyCondition? = nil) {
    self.action = action
    self.object = .principal(principal)
    self.condition = condition
  }

  var json: String {
    let condition = condition.map { #","Condition":\#($0.json)"# } ?? ""
    return #"{"Effect":"Allow",\#(objectMember),"Action":\#(action.jsonLiteral)\#(condition)}"#
  }

  private var objectMember: String {
    switch object {
    case .resource(let arn): #""Resource":\#(arn.jsonLiteral)"#
    case .principal(let arn): #""Principal":{"AWS":\#(arn.jsonLiteral)}"#
    }
  }
}

extension String {
  /// The text in quotes (RFC 8259, 7).
  fileprivate var jsonLiteral: String {
    let characters = unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": return #"\\#(scalar)"#
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
      case _: return String(scalar)
      }
    }
    return "\"\(characters.joined())\""
  }
}
