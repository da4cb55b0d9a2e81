/// The ARN or serial number of an MFA device, 9 to 256 of `[\w+=/:,.@-]`.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
package struct MFADevice: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=/:,.@-", length: 9...256) else { return nil }
    self.text = text
  }

  /// What stands behind its path in an ARN.
  package var name: String { text.split(separator: "/").last.map(String.init) ?? text }
}
