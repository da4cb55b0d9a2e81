package import FoundationEssentials

/// The last use of an access key.
package struct AccessKeyUse: Equatable, Sendable {
  package let date: Date
  /// The service's name in its endpoint, such as `s3`.
  package let service: String
  package let region: String
}
