package import Hashing
package import Secrets

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
