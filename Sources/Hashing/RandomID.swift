internal import Secrets

/// 122 random bits as the text of a UUID of version 4 (RFC 9562, 5.4): what ties an answer to a request.
package enum RandomID {
  package static func make() -> String {
    var text = SecretBytes.random(16).withBytes { bytes in
      Digest.hex(bytes.indices.map { Self.marked(bytes[$0], at: $0) })
    }
    for offset in [20, 16, 12, 8] { text.insert("-", at: text.index(text.startIndex, offsetBy: offset)) }
    return text
  }

  /// The byte, with version and variant in their places.
  private static func marked(_ byte: UInt8, at index: Int) -> UInt8 {
    switch index {
    case 6: byte & 0x0f | 0x40
    case 8: byte & 0x3f | 0x80
    default: byte
    }
  }
}
