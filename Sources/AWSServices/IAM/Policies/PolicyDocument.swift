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
