internal import Secrets

/// MFA codes that are not to be sent again: AWS takes each once, whatever became of the call.
package struct SpentCodes: ~Copyable {
  /// One behind the other.
  private var digits = SecretBytes()

  package init() {}

  /// Adds a code; false where it is among them already.
  package mutating func insert(_ code: borrowing MFACode) -> Bool {
    guard !contains(code) else { return false }
    digits.append(code.digits)
    return true
  }

  private func contains(_ code: borrowing MFACode) -> Bool {
    for start in stride(from: 0, to: digits.count, by: MFACode.length) {
      if digits.clone(start..<(start + MFACode.length)).equals(code.digits) { return true }
    }
    return false
  }
}
