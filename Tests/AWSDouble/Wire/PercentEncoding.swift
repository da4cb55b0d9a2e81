/// RFC 3986 percent encoding with AWS's unreserved set, `A-Za-z0-9-._~`.
enum PercentEncoding {
  static func encode(_ bytes: some Sequence<UInt8>, keeping kept: String = "") -> String {
    var text = ""
    for byte in bytes {
      if isUnreserved(byte) || kept.utf8.contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + hex(byte)
      }
    }
    return text
  }

  /// nil when a `%` is not followed by two hexadecimal digits.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var (bytes, rest): ([UInt8], Substring.UTF8View) = ([], Substring(text).utf8)
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let digits = String(rest.prefix(2)), digits.utf8.allSatisfy(isHexDigit),
        let value = UInt8(digits, radix: 16),
        digits.utf8.count == 2
      else { return nil }
      rest = rest.dropFirst(2)
      bytes.append(value)
    }
    return bytes
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-._~".utf8.contains(byte)
    }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool { Unicode.Scalar(byte).properties.isASCIIHexDigit }

  private static func hex(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16, uppercase: true)
    return text.count == 1 ? "0" + text : text
  }
}
