package import AWSValues

/// What a policy says: each statement allows something.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
package struct PolicyDocument: Equatable, Sendable {
  let statements: [PolicyStatement]

  init(_ statement: PolicyStatement) {
    self.statements = [statement]
  }

  /// Lets a user or role list the account's buckets.
  package static let listingBuckets = PolicyDocument(PolicyStatement("s3:ListAllMyBuckets", on: "*"))

  /// The same, only where MFA was proved.
  package static let listingBucketsWithMFA = PolicyDocument(
    PolicyStatement("s3:ListAllMyBuckets", on: "*", condition: .mfa))

  /// Lets a user assume the role, where the role trusts it too.
  package static func assuming(_ role: RoleARN) -> PolicyDocument {
    PolicyDocument(PolicyStatement("sts:AssumeRole", on: role.text))
  }

  /// A role's trust: the user may assume it, only where MFA was proved.
  package static func trustingWithMFA(_ user: UserARN) -> PolicyDocument {
    PolicyDocument(PolicyStatement("sts:AssumeRole", by: user.text, condition: .mfa))
  }

  /// As IAM takes it, without white space.
  package var json: String {
    let list = statements.map(\.json).joined(separator: ",")
    return #"{"Version":"2012-10-17","Statement":[\#(list)]}"#
  }
}

// MARK: - Policy condition

/// When a statement holds.
enum PolicyCondition: Equatable, Sendable {
  /// The credentials were got with an MFA code.
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
  case mfa

  var json: String {
    switch self {
    case .mfa: #"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#
    }
  }
}

// MARK: - Policy statement

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
