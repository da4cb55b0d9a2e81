import Foundation

/// A secret in the forms in which it could get out.
struct SecretForms {
  let raw: [UInt8]
  /// Hexadecimal, Base64 at any offset, percent-encoded, UTF-16, escaped for JSON.
  let encoded: [[UInt8]]

  init(of secret: String) {
    let bytes = Array(secret.utf8)
    raw = bytes
    let hexadecimal = bytes.map { String(0x100 + Int($0), radix: 16).suffix(2) }.joined()
    let percent = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret
    let base64 = (0..<3).map { Self.base64(bytes, after: $0) }
    let url = base64.map { $0.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_") }
    var texts: [String] = [hexadecimal, hexadecimal.uppercased(), percent, percent.lowercased(), Self.escaped(secret)]
    texts += base64
    texts += url
    let little: [UInt8] = bytes.flatMap { (byte: UInt8) -> [UInt8] in [byte, 0] }
    let big: [UInt8] = bytes.flatMap { (byte: UInt8) -> [UInt8] in [0, byte] }
    let all: [[UInt8]] = texts.map { Array($0.utf8) } + [little, big]
    encoded = all.filter { $0 != bytes }
  }

  /// The characters that stand for the secret alone, where `offset` other bytes come before it.
  private static func base64(_ bytes: [UInt8], after offset: Int) -> String {
    let text = Data(Array(repeating: 0, count: offset) + bytes).base64EncodedString()
    let last = (offset + bytes.count) * 8 / 6
    return String(text.prefix(last).dropFirst((offset * 8 + 5) / 6))
  }

  private static func escaped(_ text: String) -> String { text.replacingOccurrences(of: "/", with: "\\/") }
}
