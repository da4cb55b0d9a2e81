/// The external id a role's trust may ask for, 2 to 1224 of `[\w+=,.@:\/-]`.
package struct ExternalID: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@:\\/-", length: 2...1224) else { return nil }
    self.text = text
  }
}
