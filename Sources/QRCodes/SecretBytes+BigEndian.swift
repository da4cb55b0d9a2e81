internal import Secrets

extension SecretBytes {
  /// Adds the four bytes of `number`, the highest first.
  mutating func appendBigEndian(_ number: UInt32) {
    for shift in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
  }
}
