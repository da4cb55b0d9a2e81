/// Made-up ids and secrets.
enum RandomText {
  static let base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
  static let base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  static func letters(_ count: Int, of alphabet: String) -> String {
    String((0..<count).compactMap { _ in alphabet.randomElement() })
  }
}

extension AccessKey {
  /// As IAM makes them: 20 characters, and 40 with `+` and `/` among them.
  static func random() -> AccessKey {
    AccessKey(
      id: "AKIA" + RandomText.letters(16, of: RandomText.base32),
      secret: RandomText.letters(38, of: RandomText.base64) + "/+")
  }
}
