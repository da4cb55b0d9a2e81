internal import Secrets

/// Builds the body of a frame: bytes, little-endian numbers of four bytes, texts and secrets preceded by their length.
struct FrameWriter: ~Copyable {
  private var body = SecretBytes()

  consuming func finish() -> SecretBytes { body }

  mutating func append(_ byte: UInt8) { body.append(byte) }

  mutating func append(_ number: Int) {
    let number = UInt32(clamping: number)
    for shift in stride(from: UInt32(0), to: 32, by: 8) { body.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    body.append(text)
  }

  mutating func append(_ secret: borrowing SecretBytes) {
    append(secret.count)
    body.append(secret)
  }

  mutating func append(_ kind: ItemID.Kind) { append(kind.rawValue) }

  mutating func append(_ item: ItemID) {
    append(item.kind)
    append(item.name)
  }
}
