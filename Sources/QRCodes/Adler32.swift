/// The checksum at the end of a zlib stream (RFC 1950, 8.2).
struct Adler32 {
  private var sum: UInt32 = 1
  private var sumOfSums: UInt32 = 0

  var value: UInt32 { sumOfSums << 16 | sum }

  mutating func add(_ bytes: borrowing Span<UInt8>) {
    for index in bytes.indices {
      sum = (sum + UInt32(bytes[index])) % 65_521
      sumOfSums = (sumOfSums + sum) % 65_521
    }
  }
}
