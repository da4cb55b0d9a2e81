/// Text that AWS restricts to a set of characters and a length; made only where both hold.
package protocol RestrictedText: Equatable, Sendable {
  var text: String { get }
  init?(_ text: String)
}

extension String {
  /// Whether every character is an ASCII letter or digit, `_` or one of `others`, and their number in `length`.
  func isRestricted(to others: String, length: ClosedRange<Int>) -> Bool {
    length.contains(utf8.count) && utf8.allSatisfy { $0.isWordCharacter || others.utf8.contains($0) }
  }
}

extension UInt8 {
  /// AWS's `\w`: ASCII letters, digits and `_`.
  @inlinable package var isWordCharacter: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f: true
    default: false
    }
  }
}
