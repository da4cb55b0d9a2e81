package import AWSValues
package import FoundationEssentials

/// A virtual MFA device of the account, enabled or not.
package struct VirtualMFADeviceDescription: Equatable, Sendable {
  package let device: MFADevice
  /// Nil while it belongs to nobody.
  package let user: User?
  package let enableDate: Date?
}
