internal import Secrets

extension SecretBytes {
  /// The bytes that base64 text stands for (RFC 4648, 4), with its padding; nil where it is not of that form.
  init?(base64 text: borrowing SecretBytes) {
    self = SecretBytes(capacity: text.count / 4 * 3)
    let isComplete = text.withBytes { text in
      guard text.count % 4 == 0 else { return false }
      let padding = min(2, Base64.padding(of: text))
      for start in stride(from: 0, to: text.count, by: 4) {
        let isLast = start + 4 == text.count
        guard append(base64: text.extracting(start..<(start + 4)), padding: isLast ? padding : 0) else { return false }
      }
      return true
    }
    guard isComplete else { return nil }
  }

  /// Appends the bytes of four letters, the last `padding` of which are `=`; false where one is no letter.
  private mutating func append(base64 group: borrowing Span<UInt8>, padding: Int) -> Bool {
    var number: UInt32 = 0
    for index in 0..<(4 - padding) {
      guard let value = Base64.value(of: group[index]) else { return false }
      number = number << 6 | value
    }
    number <<= UInt32(6 * padding)
    for index in 0..<(3 - padding) { append(UInt8(truncatingIfNeeded: number >> UInt32(16 - 8 * index))) }
    return true
  }
}

private enum Base64 {
  static func padding(of text: borrowing Span<UInt8>) -> Int {
    var padding = 0
    while padding < text.count, text[text.count - 1 - padding] == UInt8(ascii: "=") { padding += 1 }
    return padding
  }

  static func value(of letter: UInt8) -> UInt32? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter) - 97 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter) - 48 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
