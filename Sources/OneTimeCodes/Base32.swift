internal import Secrets

/// Base32 (RFC 4648, 6), in which seeds are written.
enum Base32 {
  /// The bytes that `text` stands for; nil where it holds anything but letters of the alphabet, of either case, and
  /// padding at its end, or has a number of letters that no bytes have.
  static func decode(_ text: borrowing SecretBytes) -> SecretBytes? {
    text.withBytes { text in
      let length = lengthWithoutPadding(text)
      guard isPossible(length, padding: text.count - length) else { return nil }
      var bytes = SecretBytes(capacity: length * 5 / 8)
      var (buffer, bits): (UInt16, UInt16) = (0, 0)
      for index in 0..<length {
        guard let value = value(of: text[index]) else { return nil }
        buffer = buffer << 5 | value
        bits += 5
        guard bits >= 8 else { continue }
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
      }
      return bytes
    }
  }

  private static func lengthWithoutPadding(_ text: borrowing Span<UInt8>) -> Int {
    var length = text.count
    while length > 0, text[length - 1] == UInt8(ascii: "=") { length -= 1 }
    return length
  }

  /// A byte needs two letters, two need four, three five, four seven; padding fills up to eight or is left out.
  private static func isPossible(_ length: Int, padding: Int) -> Bool {
    [0, 2, 4, 5, 7].contains(length % 8) && (padding == 0 || (padding < 8 && (length + padding) % 8 == 0))
  }

  private static func value(of letter: UInt8) -> UInt16? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt16(letter - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt16(letter - UInt8(ascii: "a"))
    case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt16(letter - UInt8(ascii: "2")) + 26
    default: nil
    }
  }
}
