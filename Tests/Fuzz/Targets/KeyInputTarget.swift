import Secrets

// A program cannot be linked into another, so libFuzzer's has these files in itself.
#if !LIBFUZZER
  @testable import daypass
#endif

/// Reads a key from a console's download and from standard input; whatever is taken for a key can be one.
enum KeyInputTarget {
  static func check(_ input: [UInt8]) throws {
    let bytes = SecretBytes(copying: input.span)
    if let entered = try? EnteredKey(csv: bytes, path: "file") { try checkKey(entered) }
    if let entered = try? EnteredKey(lines: bytes) { try checkKey(entered) }
    var fields = FuzzInput(input)
    let (id, secret) = (fields.text(), fields.line())
    try checkLines(id, secret)
    try checkFile(id, secret, extraColumn: fields.text())
  }

  private static func checkKey(_ entered: borrowing EnteredKey) throws {
    guard let key = try? entered.credentials() else { return }
    let id = key.accessKeyID
    try demand((16...128).contains(id.utf8.count) && !id.hasPrefix("ASIA"), "no long-term key id: \(id)")
    let secret = Planted.bug(in: key.secretAccessKey.bytes, when: id.utf8.count > 20, [])
    try demand(!secret.isEmpty && secret.allSatisfy { (0x21...0x7e).contains($0) }, "no secret: \(secret)")
  }

  /// The secret comes back without the white space around it; half a key is none.
  private static func checkLines(_ id: String, _ secret: [UInt8]) throws {
    let text = Array(id.utf8) + [0x0a] + secret
    let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0d, 0x0a].contains($0) }
    let trimmed = Array(secret.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    guard !trimmed.isEmpty, !id.utf8.allSatisfy(isBlank) else {
      let found = try? EnteredKey(lines: SecretBytes(copying: text.span)).accessKeyID
      return try demand(found == nil, "half a key was taken for one")
    }
    let entered = try EnteredKey(lines: SecretBytes(copying: text.span))
    let (foundID, foundSecret) = (entered.accessKeyID, entered.secretAccessKey.bytes)
    try demand(foundID == id && foundSecret == trimmed, "the lines were read as \(foundID), \(foundSecret)")
  }

  /// A file as the console writes it, and with another column before.
  private static func checkFile(_ id: String, _ secret: [UInt8], extraColumn: String) throws {
    let isPlain = (Array(id.utf8) + secret).allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x2c }
    guard isPlain else { return }
    // Scalars, because a comma and the accent after it are one character. A quotation mark would make a comma text.
    let extra = String(extraColumn.unicodeScalars.filter { $0 != "," && $0 != "\r" && $0 != "\"" })
    let columns = "Access key ID,Secret access key\r\n"
    for (header, start) in [(columns, ""), ("User name," + columns, extra + ",")] {
      let file = Array("\(header)\(start)\(id),".utf8) + secret + [0x0d, 0x0a]
      let entered = try EnteredKey(csv: SecretBytes(copying: file.span), path: "file")
      let (foundID, foundSecret) = (entered.accessKeyID, entered.secretAccessKey.bytes)
      try demand(foundID == id && foundSecret == secret, "the file was read as \(foundID), \(foundSecret)")
    }
  }
}
