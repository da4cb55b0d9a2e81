/// The name of a role session, 2 to 64 of `[\w+=,.@-]`; CloudTrail shows it.
package struct RoleSessionName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 2...64) else { return nil }
    self.text = text
  }

  /// Takes text that its maker has already cut and cleaned.
  init(unchecked text: String) {
    self.text = text
  }
}
