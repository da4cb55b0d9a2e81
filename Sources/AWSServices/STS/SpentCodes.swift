internal import Secrets

/// MFA codes that nobody has to send again: AWS takes each once, whatever became of the call.
package struct SpentCodes: ~Copyable {
  /// One behind the other.
  private var digits = SecretBytes()

  package init() {}

  package func contains(_ code: borrowing MFACode) -> Bool {
    for start in stride(from: 0, to: digits.count, by: MFACode.length) {
      if digits.clone(start..<(start + MFACode.length)).equals(code.digits) { return true }
    }
    return false
  }

  package mutating func add(_ code: borrowing MFACode) {
    digits.append(code.digits)
  }
}
