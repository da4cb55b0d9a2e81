package import AWSValues
package import FoundationEssentials

/// An IAM user, or the root user of an account.
package struct User: Equatable, Sendable {
  /// Nil for the root user.
  package let name: UserName?
  package let path: String
  package let arn: String
  package let id: String
  package let creationDate: Date?
}
