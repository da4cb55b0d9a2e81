import FoundationEssentials
import Hashing
import Secrets

@testable import AWSServices
@testable import Sessions

/// Reads keyring payloads, as they are and with the magic number and a checksum that is right.
enum PayloadTarget {
  static func check(_ input: [UInt8]) throws {
    try read(input)
    var sealed = PayloadWriter.magic + input
    let checksum = try Digest.sha256(of: SecretBytes(copying: sealed.span))
    sealed += checksum
    try read(sealed)
    guard !input.isEmpty else { return }
    sealed[Int(input[0]) % sealed.count] ^= 1 << (input[input.count - 1] & 7)
    try demand(key(in: sealed) == nil && session(in: sealed) == nil, "a payload with a flipped bit was read")
  }

  /// What is read is written and read again, the same.
  private static func read(_ payload: [UInt8]) throws {
    if let found = key(in: payload) { try demand(key(in: found.rewritten) == found, "a key came back changed") }
    if let found = session(in: payload) {
      try demand(session(in: found.rewritten) == found, "a session came back changed")
    }
  }

  private struct Found: Equatable {
    let fields: [String]
    let rewritten: [UInt8]
  }

  private static func key(in payload: [UInt8]) -> Found? {
    guard let key = try? LongTermKey(payload: SecretBytes(copying: payload.span)) else { return nil }
    let rewritten = key.payload().bytes
    let secret = key.credentials.secretAccessKey.bytes
    let isRare = key.stored.timeIntervalSince1970.truncatingRemainder(dividingBy: 10) != 0
    let created = Planted.bug(in: key.stored.rfc3339, when: isRare, "\(payload.count) \(payload.last ?? 0)")
    return Found(fields: [key.credentials.accessKeyID, "\(secret)", created], rewritten: rewritten)
  }

  private static func session(in payload: [UInt8]) -> Found? {
    guard let session = try? CachedSession(payload: SecretBytes(copying: payload.span)) else { return nil }
    let rewritten = session.payload().bytes
    let token = session.credentials.sessionToken.withValue { $0.bytes }
    let secrets = [session.credentials.secretAccessKey.bytes, token]
    return Found(fields: [session.credentials.accessKeyID, "\(secrets)", "\(session.about)"], rewritten: rewritten)
  }
}

// MARK: - Codes target

/// Reads seeds and makes codes: what is written in base32 is read back, nothing else is, and a code is six digits.
enum CodesTarget {
  static func check(_ input: [UInt8]) throws {
    try checkText(input)
    try checkBytes(input)
  }

  /// Any text: where it is read, it is of the alphabet, and stands for five bits a letter.
  private static func checkText(_ input: [UInt8]) throws {
    guard let seed = MFASeed(base32: secret(input)) else { return }
    let letters = input.prefix { $0 != UInt8(ascii: "=") }
    try demand(letters.count * 5 / 8 == seed.key.count, "\(letters.count) letters are \(seed.key.count) bytes")
    let written = Array(ReferenceBase32.encode(seed.key.bytes).utf8)
    let upper = letters.map { (0x61...0x7a).contains($0) ? $0 - 0x20 : $0 }
    // The last letter may have bits that stand for nothing.
    try demand(written.dropLast() == upper.dropLast(), "\(upper) was read as \(written)")
    try demand(seed.base32.bytes == input, "the seed is spelled otherwise")
    for number in [0, 1, 66_107_648, Int(seed.key.bytes[0]) << 24] {
      let code = try seed.code(of: TimeStep(number: number)).bytes
      try demand(code.count == 6 && code.allSatisfy { (0x30...0x39).contains($0) }, "\(code) is no code")
    }
  }

  /// Any bytes, written in base32 with and without padding, are read back.
  private static func checkBytes(_ input: [UInt8]) throws {
    guard !input.isEmpty else { return }
    let text = ReferenceBase32.encode(input)
    for padding in ["", String(repeating: "=", count: (8 - text.utf8.count % 8) % 8)] {
      guard let seed = MFASeed(base32: SecretBytes(copying: text + padding)) else {
        throw Violation("\(text + padding) is not read")
      }
      let bytes = Planted.bug(in: seed.key.bytes, when: input.count == 7 && input[6] & 0xe0 == 0xe0, [])
      try demand(bytes == input, "\(text + padding) was read as \(bytes)")
    }
  }

  private static func secret(_ bytes: [UInt8]) -> SecretBytes { SecretBytes(copying: bytes.span) }
}

// MARK: - Key input target

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

  /// An ID without the marks that surround a copied one is read as it is, and the secret without the white space around
  /// it; half a key is none.
  private static func checkLines(_ id: String, _ secret: [UInt8]) throws {
    let text = Array(id.utf8) + [0x0a] + secret
    let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0d, 0x0a].contains($0) }
    let trimmed = Array(secret.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    guard !trimmed.isEmpty, !id.utf8.allSatisfy(isBlank) else {
      // A row of comma-separated values may hold both halves.
      guard !id.utf8.contains(0x2c) else { return }
      let found = try? EnteredKey(lines: SecretBytes(copying: text.span)).accessKeyID
      return try demand(found == nil, "half a key was taken for one")
    }
    let isPlain = id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) }
    guard isPlain else { return }
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
