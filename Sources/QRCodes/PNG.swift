internal import Secrets

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

// MARK: - CRC32

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

// MARK: - PNG document

/// A PNG file (ISO/IEC 15948) in secret memory.
///
/// It is written without libpng: the picture is a secret, and libpng and zlib would leave copies of it in memory that they
/// do not wipe. Without compression, all there is to compute is two checksums.
struct PNGDocument: ~Copyable {
  private var bytes = SecretBytes(copying: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].span)

  /// A square picture of `side` pixels of one bit each, 1 for white, in the zlib stream `pixels`.
  static func blackAndWhite(side: Int, pixels: borrowing SecretBytes) -> SecretBytes {
    var header = SecretBytes()
    header.appendBigEndian(UInt32(side))
    header.appendBigEndian(UInt32(side))
    // Bits per pixel, grey, and the only defined methods of compression, filtering and interlacing.
    for field in [1, 0, 0, 0, 0] as [UInt8] { header.append(field) }
    var document = PNGDocument()
    document.append("IHDR", header)
    document.append("IDAT", pixels)
    document.append("IEND", SecretBytes())
    return document.bytes
  }

  private mutating func append(_ type: String, _ content: borrowing SecretBytes) {
    var checksum = CRC32()
    checksum.add(type.utf8.span)
    content.withBytes { checksum.add($0) }
    bytes.appendBigEndian(UInt32(content.count))
    bytes.append(type)
    bytes.append(content)
    bytes.appendBigEndian(checksum.value)
  }
}

extension SecretBytes {
  /// Adds the four bytes of `number`, most significant first.
  mutating func appendBigEndian(_ number: UInt32) {
    for shift in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
  }
}

// MARK: - Stored zlib stream

/// A zlib stream (RFC 1950) whose lines are stored, not compressed, each in its own block (RFC 1951, 3.2.4).
struct StoredZlibStream: ~Copyable {
  /// It begins with: deflate with a window of 32 KiB, at the fastest level.
  private var bytes = SecretBytes(copying: [0x78, 0x01].span)
  private var checksum = Adler32()

  /// Adds fewer than 65 536 bytes.
  mutating func append(_ line: borrowing SecretBytes) {
    appendBlock(header: 0, line)
    line.withBytes { checksum.add($0) }
  }

  /// The stream with its end: an empty last block and the checksum.
  consuming func finished() -> SecretBytes {
    appendBlock(header: 1, SecretBytes())
    bytes.appendBigEndian(checksum.value)
    return bytes
  }

  private mutating func appendBlock(header: UInt8, _ content: borrowing SecretBytes) {
    let length = UInt16(content.count)
    bytes.append(header)
    for half in [length, ~length] {
      bytes.append(UInt8(truncatingIfNeeded: half))
      bytes.append(UInt8(half >> 8))
    }
    bytes.append(content)
  }
}
