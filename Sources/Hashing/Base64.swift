internal import FoundationEssentials
package import Secrets

/// Base64 (RFC 4648, 4 and 5).
package enum Base64 {
  /// The bytes that `text` stands for; nil if it is not whole groups of four, with padding at the end only.
  package static func decode(_ text: borrowing SecretBytes) -> SecretBytes? {
    let end = text.endOfDigits
    guard text.count % 4 == 0, text.count - end <= 2 else { return nil }
    return text.decoded(0..<end, width: 6, by: value)
  }

  /// As `decode`, but also of the alphabet for URLs, without padding or with white space in between: text that people
  /// pasted, and parts of tokens.
  package static func decodeLeniently(_ text: borrowing SecretBytes) -> SecretBytes? {
    var strict = SecretBytes(capacity: text.count + 3)
    text.withBytes { text in
      for index in text.indices {
        switch text[index] {
        case UInt8(ascii: "-"): strict.append("+")
        case UInt8(ascii: "_"): strict.append("/")
        case UInt8(ascii: "="), 0x09...0x0d, 0x20: break
        case let digit: strict.append(digit)
        }
      }
    }
    while strict.count % 4 != 0 { strict.append("=") }
    return decode(strict)
  }

  /// `bytes` in the alphabet for URLs, without padding: for what is no secret.
  package static func urlText(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString(options: [.base64URLAlphabet, .omitPaddingCharacter])
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

/// Base32 (RFC 4648, 6), in which seeds are written.
package enum Base32 {
  /// The bytes that `text` stands for; nil if it holds anything but letters of the alphabet, of either case, and
  /// padding at its end, or has a number of letters that no bytes have.
  package static func decode(_ text: borrowing SecretBytes) -> SecretBytes? {
    let (length, padding) = (text.endOfDigits, text.count - text.endOfDigits)
    // A byte needs two letters, two need four, three five, four seven; padding fills up to eight or is left out.
    guard [0, 2, 4, 5, 7].contains(length % 8), padding == 0 || (padding < 8 && text.count % 8 == 0) else { return nil }
    return text.decoded(0..<length, width: 5, by: value)
  }

  private static func value(of letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - 97
    case UInt8(ascii: "2")...UInt8(ascii: "7"): letter - 24
    default: nil
    }
  }
}

extension SecretBytes {
  /// Where the padding begins.
  fileprivate var endOfDigits: Int { trimmedRange { $0 == UInt8(ascii: "=") }.upperBound }

  /// The bytes that digits of `width` bits stand for; nil if one of them has no value.
  fileprivate func decoded(_ digits: Range<Int>, width: Int, by value: (UInt8) -> UInt8?) -> SecretBytes? {
    withBytes { text in
      var bytes = SecretBytes(capacity: digits.count * width / 8)
      var (buffer, bits) = (UInt16(0), 0)
      for index in digits {
        guard let value = value(text[index]) else { return nil }
        (buffer, bits) = (buffer << width | UInt16(value), bits + width)
        guard bits >= 8 else { continue }
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
      }
      return bytes
    }
  }
}
