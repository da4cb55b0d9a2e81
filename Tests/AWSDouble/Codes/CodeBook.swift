import FoundationEssentials

/// Which steps of each MFA device have been spent; AWS takes a code once.
struct CodeBook: Sendable {
  private var spent: [String: Set<Int>] = [:]

  /// Whether `code` is the device's of the current step or of one beside it and was not used before; using it spends it.
  mutating func accept(_ code: String, from device: VirtualMFADevice, at time: Date) -> Bool {
    let (now, totp) = (TOTP.step(at: time) + device.drift, Self.totp(of: device))
    let matching = [now, now - 1, now + 1].filter { totp?.code(step: $0) == code }
    guard let step = matching.first(where: { !isSpent($0, of: device) }) else { return false }
    spend([step], of: device)
    return true
  }

  /// A code that is valid and unused now: this step's, else the next one's; nil when both are spent.
  func unusedCode(of device: VirtualMFADevice, at time: Date) -> String? {
    let now = TOTP.step(at: time) + device.drift
    let step = [now, now + 1].first { !isSpent($0, of: device) }
    return step.flatMap { Self.totp(of: device)?.code(step: $0) }
  }

  mutating func spend(_ steps: Set<Int>, of device: VirtualMFADevice) {
    spent[device.serial, default: []].formUnion(steps)
  }

  /// A device that is made anew under that name starts afresh.
  mutating func forget(_ serial: String) { spent[serial] = nil }

  func isSpent(_ step: Int, of device: VirtualMFADevice) -> Bool {
    spent[device.serial, default: []].contains(step)
  }

  static func totp(of device: VirtualMFADevice) -> TOTP? {
    Base32.decode(device.seed).map(TOTP.init(seed:))
  }
}
