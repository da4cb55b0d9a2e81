/// Percent encoding by the rules of SigV4: all but `A-Z a-z 0-9 - . _ ~` is encoded, with upper-case digits (RFC 3986,
/// 2.3, and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
package enum PercentEncoding {
  /// `text` encoded, all but the unreserved characters and `kept`.
  package static func encode(_ text: String, keeping kept: Character? = nil) -> String {
    encode(Array(text.utf8), keeping: kept)
  }

  /// `bytes` encoded, all but the unreserved characters and `kept`.
  package static func encode(_ bytes: [UInt8], keeping kept: Character? = nil) -> String {
    var text = ""
    for byte in bytes {
      if byte.isWordCharacter || "-.~".utf8.contains(byte) || byte == kept?.asciiValue {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + digit(byte >> 4) + digit(byte & 0xf)
      }
    }
    return text
  }

  /// A URL's query of these parameters; the names need no encoding.
  package static func query(_ parameters: [(name: String, value: String)]) -> String {
    parameters.map { "\($0.name)=\(encode($0.value))" }.joined(separator: "&")
  }

  /// The bytes that `text` stands for; a `%` without two digits after it stands for itself.
  package static func decode(_ text: some StringProtocol) -> [UInt8] {
    var decoded: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      if byte == UInt8(ascii: "%"), digits.count == 2 {
        decoded.append(UInt8(digits[0] << 4 | digits[1]))
        rest = rest.dropFirst(2)
      } else {
        decoded.append(byte)
      }
    }
    return decoded
  }

  private static func digit(_ nibble: UInt8) -> String {
    String(nibble, radix: 16, uppercase: true)
  }
}
