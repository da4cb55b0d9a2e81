internal import Hashing
internal import Secrets

/// Writes the payload of a keyring item: a magic number, a version, fields with their lengths, and a SHA-256 over all of
/// it, so that everything that must agree is stored by one write and damage is told from absence.
struct PayloadWriter: ~Copyable {
  static let magic: [UInt8] = Array("DAYPASS".utf8)
  static let checksumLength = SHA256.length
  /// The number of bytes that hold a field's length, most significant first.
  static let lengthBytes = 4

  private var bytes: SecretBytes

  init(version: UInt8) {
    bytes = SecretBytes(capacity: 512)
    bytes.append(Self.magic.span)
    bytes.append(version)
  }

  mutating func append(_ text: String) {
    append(count: text.utf8.count)
    bytes.append(text)
  }

  mutating func append(_ secret: borrowing SecretBytes) {
    append(count: secret.count)
    bytes.append(secret)
  }

  /// The payload with its checksum.
  consuming func sealed() -> SecretBytes {
    let checksum = bytes.withBytes { SHA256.digest($0) }
    bytes.append(checksum.span)
    return bytes
  }

  private mutating func append(count: Int) {
    for shift in stride(from: 8 * (Self.lengthBytes - 1), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: count >> shift))
    }
  }
}
