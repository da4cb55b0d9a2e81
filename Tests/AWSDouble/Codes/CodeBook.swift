import FoundationEssentials

/// Which steps of each MFA device have been spent; AWS takes a code once.
struct CodeBook: Sendable {
  private var spent: [String: Set<Int>] = [:]

  /// Whether `code` is the device's of the current step or of one beside it and was not used before; using it spends it.
  mutating func accept(_ code: String, from device: VirtualMFADevice, at time: Date) -> Bool {
    let (now, totp) = (TOTP.step(at: time), Self.totp(of: device))
    let matching = [now, now - 1, now + 1].filter { totp?.code(step: $0) == code }
    guard let step = matching.first(where: { !isSpent($0, of: device) }) else { return false }
    spent[device.serial, default: []].insert(step)
    return true
  }

  /// A code that is valid and unused now: this step's, else the next one's; nil when both are spent.
  func unusedCode(of device: VirtualMFADevice, at time: Date) -> String? {
    let now = TOTP.step(at: time)
    let step = [now, now + 1].first { !isSpent($0, of: device) }
    return step.flatMap { Self.totp(of: device)?.code(step: $0) }
  }

  private func isSpent(_ step: Int, of device: VirtualMFADevice) -> Bool {
    spent[device.serial, default: []].contains(step)
  }

  private static func totp(of device: VirtualMFADevice) -> TOTP? {
    Base32.decode(device.seed).map(TOTP.init(seed:))
  }
}
