internal import Secrets

/// 122 random bits as the text of a UUID of version 4 (RFC 9562, 5.4): what ties an answer to a request.
package enum RandomID {
  package static func make() -> String {
    var bytes = SecretBytes.random(16).withBytes { bytes in bytes.indices.map { bytes[$0] } }
    // The version and the variant.
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    var text = Digest.hex(bytes)
    for offset in [20, 16, 12, 8] { text.insert("-", at: text.index(text.startIndex, offsetBy: offset)) }
    return text
  }
}
