/// The ARN of a role, 20 to 2048 characters.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
package struct RoleARN: RestrictedText {
  package let text: String
  /// The partition of the ARN: `aws`, `aws-cn`, …
  package let partition: String
  package let account: String
  /// The role's name, without its path.
  package let name: String

  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard (20...2048).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, parts[2] == "iam", parts[3].isEmpty,
      parts[4].utf8.count == 12, parts[4].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      parts[5].hasPrefix("role/"), let name = parts[5].split(separator: "/").last, parts[5].last != "/"
    else { return nil }
    self.text = text
    self.partition = String(parts[1])
    self.account = String(parts[4])
    self.name = String(name)
  }
}
