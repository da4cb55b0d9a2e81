internal import AWSValues

/// The ARN of an IAM user: `arn:aws:iam::123456789012:user/team/alice`.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
package struct UserARN: Equatable, Sendable {
  package let text: String
  package let account: String
  /// The last segment; what stands before it is the path.
  package let name: String

  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("user/"),
      let name = parts[5].split(separator: "/", omittingEmptySubsequences: false).last, String(name).isUserName
    else { return nil }
    self.text = text
    self.account = String(parts[4])
    self.name = String(name)
  }
}

extension String {
  /// Whether IAM allows it as a user's name: 1 to 128 of `[\w+=,.@-]`.
  var isUserName: Bool {
    (1...128).contains(utf8.count) && utf8.allSatisfy { $0.isWordCharacter || "+=,.@-".utf8.contains($0) }
  }
}
