import Crypto
import FoundationEssentials

/// Time-based one-time passwords as RFC 6238 has them, with the parameters AWS uses: SHA-1, 30 s, 6 digits.
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
