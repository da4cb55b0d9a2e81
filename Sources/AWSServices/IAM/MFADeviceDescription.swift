package import AWSValues
package import FoundationEssentials

/// An MFA device that is enabled for a user.
package struct MFADeviceDescription: Equatable, Sendable {
  package let device: MFADevice
  package let userName: UserName
  package let enableDate: Date?
}
