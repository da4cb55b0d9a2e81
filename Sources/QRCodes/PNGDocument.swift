internal import Secrets

/// A PNG file (ISO/IEC 15948) in secret memory.
///
/// Not by libpng, since it and zlib would copy the picture, which is a secret, to memory that they do not wipe; what is
/// left without compression is two checksums.
struct PNGDocument: ~Copyable {
  private var bytes = SecretBytes(copying: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a].span)

  /// A square picture of `side` pixels of one bit each, 1 for white, in the zlib stream `pixels`.
  static func blackAndWhite(side: Int, pixels: borrowing SecretBytes) -> SecretBytes {
    var header = SecretBytes()
    header.appendBigEndian(UInt32(side))
    header.appendBigEndian(UInt32(side))
    // Bits a pixel, grey, and the only methods there are to compress, filter and interlace.
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
