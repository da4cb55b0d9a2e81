/// Base32 by the letter of RFC 4648: the bits in a row, five at a time.
enum ReferenceBase32 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

  /// Without padding.
  static func encode(_ bytes: [UInt8]) -> String {
    var bits = bytes.flatMap { byte in (0..<8).reversed().map { Int(byte >> $0) & 1 } }
    while bits.count % 5 != 0 { bits.append(0) }
    let letters = stride(from: 0, to: bits.count, by: 5).map { start in
      bits[start..<(start + 5)].reduce(0) { $0 * 2 + $1 }
    }
    return String(letters.map { alphabet[$0] })
  }
}
