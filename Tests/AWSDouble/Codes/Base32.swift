/// Base32 as RFC 4648 has it, in which IAM writes the seed of a virtual MFA device.
package enum Base32 {
  /// Padding and case do not matter; nil when a character is not of the alphabet.
  package static func decode(_ text: String) -> [UInt8]? {
    var (bytes, buffer, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
    for character in text.utf8 where character != UInt8(ascii: "=") {
      guard let value = value(of: character) else { return nil }
      buffer = buffer << 5 | value
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
      }
    }
    return bytes
  }

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 97
    case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt32(character) - 50 + 26
    default: nil
    }
  }
}
