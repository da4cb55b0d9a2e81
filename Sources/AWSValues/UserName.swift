/// The name of an IAM user without its path, 1 to 128 of `[\w+=,.@-]`; a new one has 64 at most.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
package struct UserName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 1...128) else { return nil }
    self.text = text
  }
}
