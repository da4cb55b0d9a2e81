package import FoundationEssentials

/// A bucket of the account.
package struct Bucket: Equatable, Sendable {
  package let name: String
  package let creationDate: Date
  /// Nil where the service does not say.
  package let region: String?
}
