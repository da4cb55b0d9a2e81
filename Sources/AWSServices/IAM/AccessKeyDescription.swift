package import AWSValues
package import FoundationEssentials

/// A long-term access key as IAM lists it, without its secret.
package struct AccessKeyDescription: Equatable, Sendable {
  package let id: AccessKeyID
  package let status: AccessKeyStatus
  package let creationDate: Date?
}
