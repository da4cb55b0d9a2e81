package import AWSValues
package import Secrets

/// Six digits from an MFA device. AWS takes them once, so a call consumes them.
package struct MFACode: ~Copyable, Sendable {
  package let device: MFADevice
  let digits: SecretBytes

  package static let length = 6

  /// Nil if `typed` is not exactly six ASCII digits and blanks: apps show a code as `123 456`.
  package init?(_ typed: borrowing SecretBytes, of device: MFADevice) {
    var digits = SecretBytes(capacity: MFACode.length)
    let isCode = typed.withBytes { bytes in
      for index in bytes.indices where bytes[index] != UInt8(ascii: " ") {
        guard bytes[index].isDigit, digits.count < MFACode.length else { return false }
        digits.append(bytes[index])
      }
      return digits.count == MFACode.length
    }
    guard isCode else { return nil }
    self.device = device
    self.digits = digits
  }
}

/// Calls with MFA codes, which are made again if AWS may accept other codes.
package enum MFATries {
  /// How often a call is made at most.
  package static let count = 3

  /// Makes `call` with what `codes` gives, and again with other codes while `refusal` does not throw.
  ///
  /// - Parameters:
  ///   - codes: gets the number of the try, and why the one before was refused.
  ///   - refusal: why other codes may be accepted; also gets the refusal before.
  ///   - failure: what is thrown after the last try.
  package static func make<Codes: ~Copyable, Refusal, Result: ~Copyable>(
    with codes: (Int, Refusal?) throws -> Codes, _ call: (consuming Codes) throws -> Result,
    after refusal: (AWSError, Refusal?) throws -> Refusal, else failure: (Refusal?) -> any Error
  ) throws -> Result {
    var last: Refusal?
    for number in 1...count {
      let codes = try codes(number, last)
      do {
        return try call(codes)
      } catch let error as AWSError {
        last = try refusal(error, last)
      }
    }
    throw failure(last)
  }
}

// MARK: - Spent codes

/// MFA codes that must not be sent again: AWS accepts each once, whether or not the call succeeds.
package struct SpentCodes: ~Copyable {
  /// One after the other.
  private var digits = SecretBytes()

  package init() {}

  /// Adds a code; false if it is among them already.
  package mutating func insert(_ code: borrowing MFACode) -> Bool {
    for start in stride(from: 0, to: digits.count, by: MFACode.length) {
      if digits.clone(start..<(start + MFACode.length)).equals(code.digits) { return false }
    }
    digits.append(code.digits)
    return true
  }
}
