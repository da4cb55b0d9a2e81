import FoundationEssentials

extension CodeBook {
  /// Steps that a device may be off when it is enabled, and when it is synchronized again.
  private static let (narrow, wide) = (1, 20)

  /// Spends both codes, which must be those of two steps in a row about now; throws `InvalidAuthenticationCode`.
  mutating func accept(_ codes: ConsecutiveCodes, from device: VirtualMFADevice, at time: Date) throws(Refusal) {
    _ = try spend(codes, from: device, at: time, within: Self.narrow)
  }

  /// How many steps the device is ahead. Spends both codes.
  mutating func drift(_ codes: ConsecutiveCodes, of device: VirtualMFADevice, at time: Date) throws(Refusal) -> Int {
    try spend(codes, from: device, at: time, within: Self.wide) - TOTP.step(at: time)
  }

  /// The step of the second code.
  private mutating func spend(
    _ codes: ConsecutiveCodes, from device: VirtualMFADevice, at time: Date, within reach: Int
  ) throws(Refusal) -> Int {
    let now = TOTP.step(at: time)
    guard let totp = Self.totp(of: device), codes.first != codes.second else { throw .invalidCodes }
    let step = (now - reach...now + reach).first { step in
      totp.code(step: step - 1) == codes.first && totp.code(step: step) == codes.second
    }
    guard let step, !isSpent(step - 1, of: device), !isSpent(step, of: device) else { throw .invalidCodes }
    spend([step - 1, step], of: device)
    return step
  }
}
