internal import Secrets

/// A zlib stream (RFC 1950) of lines that are stored, not compressed, one to a block (RFC 1951, 3.2.4).
struct StoredZlibStream: ~Copyable {
  private var bytes = SecretBytes()
  private var checksum = Adler32()

  init() {
    // Deflate with a window of 32 KiB, and no claim to have tried hard.
    bytes.append(0x78)
    bytes.append(0x01)
  }

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
