package import FoundationEssentials
package import Hashing
package import Secrets

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

// MARK: - MFA seed

/// The secret that a virtual MFA device shares with AWS, from which both make the codes.
package struct MFASeed: ~Copyable, Sendable {
  /// As IAM shows it and as an app takes it by hand: base32, spelled as it came.
  package let base32: SecretBytes
  let key: SecretBytes

  /// Nil where the text is not base32 (RFC 4648, 6) of at least a byte; case and padding do not matter.
  package init?(base32: consuming SecretBytes) {
    guard let key = Base32.decode(base32), !key.isEmpty else { return nil }
    self.base32 = base32
    self.key = key
  }
}

// MARK: - Codes

extension MFASeed {
  /// Digits of a code.
  package static let codeLength = 6

  /// The code that the device shows during `step`: six digits (RFC 6238 with AWS's parameters: SHA-1, 30 s).
  package func code(of step: TimeStep) throws(HashingError) -> SecretBytes {
    try code(of: step, digits: MFASeed.codeLength)
  }

  /// As many digits as asked for, up to nine (RFC 4226, 5.3).
  func code(of step: TimeStep, digits: Int) throws(HashingError) -> SecretBytes {
    let counter = UInt64(bitPattern: Int64(step.number)).bigEndianBytes
    let hash = try HMAC.sha1.code(of: counter.span, key: key)
    return hash.withBytes { hash in
      let offset = Int(hash[hash.count - 1] & 0xf)
      var number = UInt32(hash[offset] & 0x7f)
      for index in 1...3 { number = number << 8 | UInt32(hash[offset + index]) }
      return MFASeed.lastDigits(of: number, count: digits)
    }
  }

  private static func lastDigits(of number: UInt32, count: Int) -> SecretBytes {
    var digits = SecretBytes(capacity: count)
    var divisor = (1..<count).reduce(UInt32(1)) { product, _ in product * 10 }
    while divisor > 0 {
      digits.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
    return digits
  }
}

extension UInt64 {
  fileprivate var bigEndianBytes: [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> UInt64($0)) }
  }
}

// MARK: - Time step

/// The half minute for which a code holds, counted from 1970 (RFC 6238, 4).
package struct TimeStep: Equatable, Comparable, Sendable {
  package let number: Int

  /// Seconds.
  package static let length: TimeInterval = 30

  package init(number: Int) {
    self.number = number
  }

  package init(at time: Date) {
    self.number = Int((time.timeIntervalSince1970 / TimeStep.length).rounded(.down))
  }

  package var next: TimeStep { TimeStep(number: number + 1) }

  /// When the code of the next step is shown.
  package var end: Date { Date(timeIntervalSince1970: Double(next.number) * TimeStep.length) }

  package static func < (left: TimeStep, right: TimeStep) -> Bool { left.number < right.number }
}
