/// The id of an access key, 16 to 128 of `\w`: `AKIA…` of a long-term key, `ASIA…` of a session.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
package struct AccessKeyID: RestrictedText, Hashable {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "", length: 16...128) else { return nil }
    self.text = text
  }
}
