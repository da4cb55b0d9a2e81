extension String {
  /// This text as a terminal may show it: what would move the cursor, reorder or hide characters is written `\u{…}`.
  ///
  /// For anything that a server, a file or a program has said; cut after `limit` characters.
  package func displayText(limit: Int = 200) -> String {
    let shown = unicodeScalars.prefix(limit)
    let text = shown.map(\.displayText).joined()
    return shown.endIndex < unicodeScalars.endIndex ? text + "…" : text
  }

  /// The same for a line of our own, which is as long as it is.
  package func displayLine() -> String {
    unicodeScalars.map(\.displayText).joined()
  }
}

extension Unicode.Scalar {
  /// Whether a terminal shows it as itself and does nothing else.
  ///
  /// Categories of Unicode: Cc is C0, DEL and C1; Cf is bidi controls, zero-width characters and tags.
  package var isDisplayable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  /// `\u{…}`.
  package var escaped: String { "\\u{\(String(value, radix: 16))}" }

  fileprivate var displayText: String { isDisplayable ? String(self) : escaped }
}
