import Crypto
import FoundationEssentials

/// Which steps of each MFA device are spent; AWS accepts a code once.
struct CodeBook: Sendable {
  private var spent: [String: Set<Int>] = [:]

  /// Whether `code` is the device's for the current step or one beside it, and unused; asking spends it.
  mutating func accept(_ code: String, from device: VirtualMFADevice, at time: Date) -> Bool {
    let (now, totp) = (TOTP.step(at: time) + device.drift, Self.totp(of: device))
    let matching = [now, now - 1, now + 1].filter { totp?.code(step: $0) == code }
    guard let step = matching.first(where: { !isSpent($0, of: device) }) else { return false }
    spend([step], of: device)
    return true
  }

  /// A code that is valid and unused now: this step's, else the next one's; nil if both are spent.
  func unusedCode(of device: VirtualMFADevice, at time: Date) -> String? {
    let now = TOTP.step(at: time) + device.drift
    let step = [now, now + 1].first { !isSpent($0, of: device) }
    return step.flatMap { Self.totp(of: device)?.code(step: $0) }
  }

  /// What the device shows `step` steps from now.
  func code(of device: VirtualMFADevice, step: Int, at time: Date) -> String? {
    Self.totp(of: device)?.code(step: TOTP.step(at: time) + device.drift + step)
  }

  mutating func spend(_ steps: Set<Int>, of device: VirtualMFADevice) {
    spent[device.serial, default: []].formUnion(steps)
  }

  /// A new device under that name starts afresh.
  mutating func forget(_ serial: String) { spent[serial] = nil }

  func isSpent(_ step: Int, of device: VirtualMFADevice) -> Bool {
    spent[device.serial, default: []].contains(step)
  }

  static func totp(of device: VirtualMFADevice) -> TOTP? {
    Base32.decode(device.seed).map(TOTP.init(seed:))
  }
}

// MARK: - Pairs

extension CodeBook {
  /// Steps that a device may be off when it is enabled, and when it is synchronized again.
  private static let (narrow, wide) = (1, 20)

  /// Spends both codes, which have to be those of two consecutive steps about now; throws `InvalidAuthenticationCode`.
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

// MARK: - Consecutive codes

/// The two codes of EnableMFADevice and ResyncMFADevice.
struct ConsecutiveCodes {
  let first: String
  let second: String

  init(_ parameters: Parameters) throws(Refusal) {
    first = try Self.code("AuthenticationCode1", parameters)
    second = try Self.code("AuthenticationCode2", parameters)
  }

  private static func code(_ name: String, _ parameters: Parameters) throws(Refusal) -> String {
    let code = try parameters.required(parameters[name], name)
    guard code.utf8.count == 6, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      // Not by `constraint`: its text would repeat the code.
      throw .validation("1 validation error detected: \(name) must have length 6 and satisfy [\\d]+")
    }
    return code
  }
}

// MARK: - TOTP

/// Time-based one-time passwords (RFC 6238) with the parameters AWS uses: SHA-1, 30 s, 6 digits.
package struct TOTP: Sendable {
  package static let period = 30
  private let key: SymmetricKey

  package init(seed: [UInt8]) { key = SymmetricKey(data: seed) }

  package static func step(at time: Date) -> Int {
    Int((time.timeIntervalSince1970 / Double(period)).rounded(.down))
  }

  package func code(step: Int, digits: Int = 6) -> String {
    let counter = (0..<8).reversed().map { UInt8(truncatingIfNeeded: step >> ($0 * 8)) }
    let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: key))
    let offset = Int(mac[mac.count - 1] & 0x0F)
    let number = mac[offset..<offset + 4].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } & 0x7FFF_FFFF
    let text = String(number)
    return String((String(repeating: "0", count: digits) + text).suffix(digits))
  }
}

// MARK: - Base32

/// Base32 (RFC 4648), in which IAM writes the seed of a virtual MFA device.
package enum Base32 {
  /// Padding and case do not matter; nil if a character is not in the alphabet.
  package static func decode(_ text: String) -> [UInt8]? {
    var (bytes, buffer, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
    for character in text.utf8 where character != UInt8(ascii: "=") {
      guard let value = value(of: character) else { return nil }
      buffer = buffer << 5 | value
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
      }
    }
    return bytes
  }

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 97
    case UInt8(ascii: "2")...UInt8(ascii: "7"): UInt32(character) - 50 + 26
    default: nil
    }
  }
}
