package import AWSValues
package import FoundationEssentials

/// An IAM role as IAM lists it.
package struct RoleDescription: Equatable, Sendable {
  package let name: RoleName
  package let arn: RoleARN
  package let creationDate: Date?
}
