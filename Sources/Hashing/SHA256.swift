internal import CLinux

/// SHA-256 (FIPS 180-4) for the names and checksums of what we keep ourselves: opening libcrypto would cost more than the
/// rest of a call. OpenSSL digests and signs what goes to AWS.
package struct SHA256 {
  private var state: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var block = InlineArray<64, UInt8>(repeating: 0)
  private var count = 0

  package static let length = 32

  package init() {}

  /// The digest of `bytes`.
  package static func digest(_ bytes: borrowing Span<UInt8>) -> [UInt8] {
    var hash = SHA256()
    hash.append(bytes)
    return hash.finish()
  }

  package mutating func append(_ bytes: borrowing Span<UInt8>) {
    for index in bytes.indices { append(bytes[index]) }
  }

  /// The digest of everything appended, once.
  package consuming func finish() -> [UInt8] {
    let bits = UInt64(count) * 8
    append(0x80)
    while count % 64 != 56 { append(0) }
    for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    wipe(&block)
    return (0..<Self.length).map { UInt8(truncatingIfNeeded: state[$0 / 4] >> UInt32(24 - 8 * ($0 % 4))) }
  }

  private mutating func append(_ byte: UInt8) {
    block[count % 64] = byte
    count += 1
    if count % 64 == 0 { compress() }
  }

  /// Section 6.2.2.
  private mutating func compress() {
    var words = schedule()
    defer { wipe(&words) }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for round in 0..<64 {
      let first = h &+ e.rotated(6, 11, 25) &+ ((e & f) ^ (~e & g)) &+ Self.constants[round] &+ words[round]
      let second = a.rotated(2, 13, 22) &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
    let sums: InlineArray<8, UInt32> = [a, b, c, d, e, f, g, h]
    for index in 0..<8 { state[index] &+= sums[index] }
  }

  private func schedule() -> InlineArray<64, UInt32> {
    var words = InlineArray<64, UInt32>(repeating: 0)
    for index in 0..<16 {
      words[index] = (0..<4).reduce(0) { $0 << 8 | UInt32(block[4 * index + $1]) }
    }
    for index in 16..<64 {
      let (far, near) = (words[index - 15], words[index - 2])
      words[index] =
        words[index - 16] &+ (far.rotated(7, 18) ^ far &>> 3) &+ words[index - 7]
        &+ (near.rotated(17, 19) ^ near &>> 10)
    }
    return words
  }

  private static let constants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}

/// Overwrites what may have been part of a secret.
private func wipe<Value>(_ value: inout Value) {
  unsafe withUnsafeMutableBytes(of: &value) { bytes in
    if let start = bytes.baseAddress { unsafe linux_wipe(start, bytes.count) }
  }
}

extension UInt32 {
  /// The exclusive or of rotations to the right.
  fileprivate func rotated(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> UInt32 {
    rotated(first, second) ^ rotated(third)
  }

  fileprivate func rotated(_ first: UInt32, _ second: UInt32) -> UInt32 {
    rotated(first) ^ rotated(second)
  }

  private func rotated(_ distance: UInt32) -> UInt32 {
    self &>> distance | self &<< (32 &- distance)
  }
}

// MARK: - Hexadecimal

extension Digest {
  /// Two lower-case hexadecimal digits per byte.
  package static func hex(_ bytes: [UInt8]) -> String {
    hex(bytes.span)
  }

  package static func hex(_ bytes: borrowing Span<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for index in bytes.indices {
      text.append(digits[Int(bytes[index] >> 4)])
      text.append(digits[Int(bytes[index] & 0xf)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
