package import FoundationEssentials
package import Hashing
package import Secrets

/// The secret that a virtual MFA device shares with AWS, from which both make the codes.
package struct MFASeed: ~Copyable, Sendable {
  /// As IAM shows it and as an app takes it by hand: base32, spelled as it came.
  package let base32: SecretBytes
  let key: SecretBytes

  /// Nil if the text is not base32 (RFC 4648, 6) of at least a byte; case and padding do not matter.
  package init?(base32: consuming SecretBytes) {
    guard let key = Base32.decode(base32), !key.isEmpty else { return nil }
    self.base32 = base32
    self.key = key
  }
}

// MARK: - Codes

extension MFASeed {
  /// The code that the device shows during `step`: six digits (RFC 6238 with AWS's parameters: SHA-1, 30 s).
  package func code(of step: TimeStep) throws(HashingError) -> SecretBytes {
    let counter = (0..<8).map { UInt8(truncatingIfNeeded: step.number >> (56 - 8 * $0)) }
    let hash = try HMAC.sha1.code(of: counter.span, key: key)
    return hash.withBytes { hash in
      // RFC 4226, 5.3.
      let offset = Int(hash[hash.count - 1] & 0xf)
      var number = UInt32(hash[offset] & 0x7f)
      for index in 1...3 { number = number << 8 | UInt32(hash[offset + index]) }
      var digits = SecretBytes(capacity: MFACode.length)
      for place in [100_000, 10_000, 1_000, 100, 10, 1] as [UInt32] {
        digits.append(UInt8(ascii: "0") + UInt8(number / place % 10))
      }
      return digits
    }
  }
}

// MARK: - Time step

/// The half minute for which a code is valid, counted from 1970 (RFC 6238, 4).
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
