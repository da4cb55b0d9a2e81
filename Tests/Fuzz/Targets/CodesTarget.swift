import FoundationEssentials
import Secrets

@testable import OneTimeCodes

/// Reads seeds and makes codes: what is written in base32 is read back, nothing else is, and a code is six digits.
enum CodesTarget {
  static func check(_ input: [UInt8]) throws {
    try checkText(input)
    try checkBytes(input)
  }

  /// Any text: where it is read, it is of the alphabet, and stands for five bits a letter.
  private static func checkText(_ input: [UInt8]) throws {
    guard let seed = MFASeed(base32: secret(input)) else { return }
    let letters = input.prefix { $0 != UInt8(ascii: "=") }
    try demand(letters.count * 5 / 8 == seed.key.count, "\(letters.count) letters are \(seed.key.count) bytes")
    let written = Array(ReferenceBase32.encode(seed.key.bytes).utf8)
    let upper = letters.map { (0x61...0x7a).contains($0) ? $0 - 0x20 : $0 }
    // The last letter may have bits that stand for nothing.
    try demand(written.dropLast() == upper.dropLast(), "\(upper) was read as \(written)")
    try demand(seed.base32.bytes == input, "the seed is spelled otherwise")
    for number in [0, 1, 66_107_648, Int(seed.key.bytes[0]) << 24] {
      let code = try seed.code(of: TimeStep(number: number)).bytes
      try demand(code.count == 6 && code.allSatisfy { (0x30...0x39).contains($0) }, "\(code) is no code")
    }
  }

  /// Any bytes, written in base32 with and without padding, are read back.
  private static func checkBytes(_ input: [UInt8]) throws {
    guard !input.isEmpty else { return }
    let text = ReferenceBase32.encode(input)
    for padding in ["", String(repeating: "=", count: (8 - text.utf8.count % 8) % 8)] {
      guard let seed = MFASeed(base32: SecretBytes(copying: text + padding)) else {
        throw Violation("\(text + padding) is not read")
      }
      let bytes = Planted.bug(in: seed.key.bytes, when: input.count == 7 && input[6] & 0xe0 == 0xe0, [])
      try demand(bytes == input, "\(text + padding) was read as \(bytes)")
    }
  }

  private static func secret(_ bytes: [UInt8]) -> SecretBytes { SecretBytes(copying: bytes.span) }
}
