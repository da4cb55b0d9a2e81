package import AWSValues
package import FoundationEssentials

/// How a rotation ended.
package enum RotationOutcome: Equatable, Sendable {
  case rotated(old: AccessKeyID, new: AccessKeyID, OldKeyDisposal)
  /// Younger than what was to be rotated.
  case young(AccessKeyID, created: Date)
}
