/// Where an IAM user, role or virtual MFA device stands: `/`, or `/team/` with visible ASCII between two slashes, 512
/// characters at most.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
package struct ResourcePath: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard (1...512).contains(text.utf8.count), text.hasPrefix("/"), text.hasSuffix("/"),
      text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else { return nil }
    self.text = text
  }

  package static let root = ResourcePath(unchecked: "/")

  private init(unchecked text: String) {
    self.text = text
  }
}
