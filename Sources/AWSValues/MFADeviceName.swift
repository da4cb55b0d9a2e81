/// The name of a virtual MFA device, the last segment of its ARN: 1 to 226 of `[\w+=,.@-]`.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html
package struct MFADeviceName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 1...226) else { return nil }
    self.text = text
  }
}
