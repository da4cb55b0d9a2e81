import Foundation

/// The forms in which a secret may show.
struct SecretTraces {
  private let forms: [String]

  init(of secret: String) {
    let bytes = Data(secret.utf8)
    let hex = bytes.map { String(format: "%02x", $0) }.joined()
    // As base64 the bytes before it shift it by none, one or two places; the characters they share are left out.
    let shifted = (0..<3).map { shift in
      let text = (Data(repeating: 0x41, count: shift) + bytes).base64EncodedString().prefix { $0 != "=" }
      return String(text.dropFirst(4).dropLast(4))
    }
    forms = [secret, hex, hex.uppercased()] + shifted
  }

  func found(in text: String) -> [String] { forms.filter(text.contains) }
}
