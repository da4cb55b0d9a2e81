internal import Glibc

/// An IPv4 or IPv6 address in its full written form: four decimal parts, or RFC 4291; no shorthand of C's inet_aton.
struct IPAddress: Equatable {
  /// 4 or 16, in network order.
  let bytes: [UInt8]

  /// Reads an address without brackets.
  init?(_ text: some StringProtocol) {
    let family = text.utf8.contains(UInt8(ascii: ":")) ? AF_INET6 : AF_INET
    var bytes = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
    let text = String(text)
    guard !text.utf8.contains(0), unsafe inet_pton(family, text, &bytes) == 1 else { return nil }
    self.bytes = bytes
  }

  var isVersion6: Bool { bytes.count == 16 }

  /// 127.0.0.0/8 and ::1 (RFC 6890).
  var isLoopback: Bool {
    isVersion6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 : bytes.first == 127
  }

  /// The shortest form (RFC 5952), without brackets.
  var text: String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    _ = unsafe inet_ntop(isVersion6 ? AF_INET6 : AF_INET, bytes, &buffer, socklen_t(buffer.count))
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether the first `length` bits are those of `network`.
  func isIn(_ network: IPAddress, prefix length: Int) -> Bool {
    guard bytes.count == network.bytes.count else { return false }
    return (0..<min(length, bytes.count * 8)).allSatisfy { bit in
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      return bytes[bit / 8] & mask == network.bytes[bit / 8] & mask
    }
  }
}
