extension String {
  /// This text as a terminal may show it: what would move the cursor, reorder or hide characters is written `\u{…}`.
  ///
  /// For anything that a server, a file or a program has said; cut after 200 characters.
  package func displayText() -> String {
    let shown = unicodeScalars.prefix(Self.displayLimit)
    let text = shown.map(Self.display).joined()
    return shown.endIndex < unicodeScalars.endIndex ? text + "…" : text
  }

  /// The same for a line of our own, which is as long as it is.
  package func displayLine() -> String {
    unicodeScalars.map(Self.display).joined()
  }

  private static let displayLimit = 200

  /// Categories of Unicode: Cc is C0, DEL and C1; Cf is bidi controls, zero-width characters and tags.
  private static func display(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      "\\u{\(String(scalar.value, radix: 16))}"
    default: String(scalar)
    }
  }
}
