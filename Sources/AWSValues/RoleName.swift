/// The name of an IAM role without its path, 1 to 64 of `[\w+=,.@-]`.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
package struct RoleName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 1...64) else { return nil }
    self.text = text
  }
}
