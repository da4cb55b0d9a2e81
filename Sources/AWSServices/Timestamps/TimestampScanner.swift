/// Takes numbers and marks off the front of a timestamp.
struct TimestampScanner {
  private var rest: Substring

  init(_ text: String) {
    rest = text[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// Exactly `count` ASCII digits.
  mutating func digits(_ count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.utf8.count == count, digits.utf8.allSatisfy(\.isDigit) else { return nil }
    rest = rest.dropFirst(count)
    return Int(digits)
  }

  /// The fraction that the digits in front stand for, as many as there are; nil where there are none.
  mutating func fraction() -> Double? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    return digits.isEmpty ? nil : Double("0.\(digits)")
  }

  /// Whether `mark` stands in front; it is taken.
  mutating func take(_ mark: String) -> Bool {
    guard rest.hasPrefix(mark) else { return false }
    rest = rest.dropFirst(mark.count)
    return true
  }

  /// The index of the one of `words` that stands in front; it is taken.
  mutating func take(oneOf words: [String]) -> Int? {
    words.firstIndex { take($0) }
  }
}

extension UInt8 {
  var isDigit: Bool { (0x30...0x39).contains(self) }
}
