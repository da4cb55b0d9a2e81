/// The checksum at the end of a PNG chunk (ISO/IEC 15948, annex D), bit by bit: a picture has some 30 kB.
struct CRC32 {
  private var register = ~UInt32(0)

  var value: UInt32 { ~register }

  mutating func add(_ bytes: borrowing Span<UInt8>) {
    for index in bytes.indices {
      register ^= UInt32(bytes[index])
      for _ in 0..<8 { register = register & 1 == 0 ? register >> 1 : register >> 1 ^ 0xedb8_8320 }
    }
  }
}
