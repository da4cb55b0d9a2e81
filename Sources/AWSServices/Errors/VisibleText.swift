/// Text from a server, safe to show on a terminal.
package enum VisibleText {
  /// `text` with control characters and those that change the direction of writing escaped as `\u{1b}`, cut after
  /// `limit` characters of it.
  package static func escape(_ text: String, limit: Int = 1000) -> String {
    let shown = text.unicodeScalars.prefix(limit).map { isSafe($0) ? String($0) : code($0.value) }.joined()
    return text.unicodeScalars.count > limit ? shown + "…" : shown
  }

  static func escape(byte: UInt8) -> String {
    (0x20...0x7e).contains(byte) ? String(Unicode.Scalar(byte)) : code(UInt32(byte))
  }

  static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
    default: true
    }
  }

  private static func code(_ value: UInt32) -> String { "\\u{\(String(value, radix: 16))}" }
}
