/// The name of a policy inside a user or role, 1 to 128 of `[\w+=,.@-]`.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
package struct PolicyName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 1...128) else { return nil }
    self.text = text
  }
}
