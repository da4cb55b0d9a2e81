package import AWSValues

/// The ARN of an IAM user: `arn:aws:iam::123456789012:user/team/alice`.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
package struct UserARN: Equatable, Sendable {
  package let text: String
  package let account: String
  /// The last segment; what stands before it is the path.
  package let name: UserName

  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("user/"),
      let last = parts[5].split(separator: "/", omittingEmptySubsequences: false).last,
      let name = UserName(String(last))
    else { return nil }
    self.text = text
    self.account = String(parts[4])
    self.name = name
  }
}
