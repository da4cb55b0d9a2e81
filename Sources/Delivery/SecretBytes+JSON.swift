internal import Secrets

extension SecretBytes {
  /// Adds `text` as a JSON string (RFC 8259 §7); false, with nothing added, when it is not UTF-8.
  mutating func appendJSONString(_ text: borrowing Span<UInt8>) -> Bool {
    var string = SecretBytes(capacity: text.count + 2)
    string.append(UInt8(ascii: "\""))
    let isText = text.forEachScalar { string.appendJSONCharacter($0) }
    guard isText else { return false }
    string.append(UInt8(ascii: "\""))
    append(string)
    return true
  }

  private mutating func appendJSONCharacter(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"", "\\":
      append(UInt8(ascii: "\\"))
      append(scalar)
    case "\0"..."\u{1f}":
      append("\\u00")
      append(scalar.value < 16 ? "0" : "1")
      append(String(scalar.value % 16, radix: 16))
    default: append(scalar)
    }
  }

  /// Adds the UTF-8 of one code point.
  mutating func append(_ scalar: Unicode.Scalar) {
    for byte in scalar.utf8 { append(byte) }
  }
}
