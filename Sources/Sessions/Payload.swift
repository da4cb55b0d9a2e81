internal import FoundationEssentials
internal import Hashing
internal import Secrets

/// Why the bytes of a keyring item are not what we wrote.
package enum PayloadError: Error, Equatable {
  case truncated
  case checksum
  case malformed
  /// Written by another version of daypass.
  case unknownVersion(UInt8)
}

// MARK: - Payload reader

/// Reads what `PayloadWriter` wrote, and refuses anything else: cached sessions, and keys that version 0.1 stored.
struct PayloadReader: ~Copyable {
  let version: UInt8
  private let bytes: SecretBytes
  private let end: Int
  private var position: Int

  /// Checks length, checksum and magic number before anything is read.
  static func reading(_ payload: borrowing SecretBytes) throws -> PayloadReader {
    let end = payload.count - PayloadWriter.checksumLength
    guard end > PayloadWriter.magic.count else { throw PayloadError.truncated }
    let content = payload.clone(0..<end)
    let checksum = content.withBytes { SHA256.digest($0) }
    guard payload.holds(checksum, at: end) else { throw PayloadError.checksum }
    guard content.holds(PayloadWriter.magic, at: 0) else { throw PayloadError.malformed }
    return PayloadReader(content: content)
  }

  private init(content: consuming SecretBytes) {
    let header = PayloadWriter.magic.count + 1
    version = content.withBytes { $0[header - 1] }
    end = content.count
    position = header
    bytes = content
  }

  /// The next field.
  mutating func next() throws(PayloadError) -> SecretBytes {
    bytes.clone(try nextRange())
  }

  private mutating func nextRange() throws(PayloadError) -> Range<Int> {
    let start = position + PayloadWriter.lengthBytes
    guard start <= end else { throw .truncated }
    let count = bytes.withBytes { bytes in (position..<start).reduce(0) { $0 << 8 | Int(bytes[$1]) } }
    guard count <= end - start else { throw .truncated }
    position = start + count
    return start..<position
  }

  /// The next field as text.
  mutating func nextText() throws(PayloadError) -> String {
    guard let text = bytes.revealed(try nextRange()) else { throw .malformed }
    return text
  }

  /// The next field as a moment, in whole seconds since 1970, up to the year 9999: more would not go back into an `Int`.
  mutating func nextDate() throws(PayloadError) -> Date {
    guard let seconds = Int(try nextText()), (0..<253_402_300_800).contains(seconds) else { throw .malformed }
    return Date(timeIntervalSince1970: TimeInterval(seconds))
  }

  /// Refuses fields nobody asked for.
  consuming func finish() throws(PayloadError) {
    guard position == end else { throw .malformed }
  }
}

extension SecretBytes {
  /// Whether `expected` stands from `start` to the same number of bytes further on.
  fileprivate func holds(_ expected: [UInt8], at start: Int) -> Bool {
    withBytes { bytes in
      var difference: UInt8 = 0
      for index in expected.indices { difference |= bytes[start + index] ^ expected[index] }
      return difference == 0
    }
  }
}

// MARK: - Payload writer

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

// MARK: - JSON payloads

/// Writes what the item of a key or a rotation holds: one JSON object, so that a person can read a key back with Passwords
/// and Keys or secret-tool, with a SHA-256 over all before it as its last member, so that damage is told from absence.
struct JSONPayloadWriter: ~Copyable {
  private var bytes = SecretBytes(capacity: 512)

  init() { bytes.append(JSONPayloadReader.start) }

  mutating func append(_ name: String, _ text: String) {
    append(name, SecretBytes(copying: text))
  }

  mutating func append(_ name: String, _ value: borrowing SecretBytes) {
    bytes.append(",\"\(name)\":\"")
    value.withBytes { value in
      for index in value.indices { append(value[index]) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A byte of a string (RFC 8259, section 7).
  private mutating func append(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case 0..<0x20: bytes.append("\\u00" + Digest.hex([byte]))
    case _: bytes.append(byte)
    }
  }

  /// The payload with its checksum.
  consuming func sealed() -> SecretBytes {
    let checksum = bytes.withBytes { SHA256.digest($0) }
    bytes.append(JSONPayloadReader.end(checksum))
    return bytes
  }
}

/// Reads what `JSONPayloadWriter` wrote, member by member in its order, and refuses anything else.
struct JSONPayloadReader: ~Copyable {
  fileprivate static let start = "{\"format\":2"
  private static let prefix = "{\"format\":"
  private static let endLength = end([UInt8](repeating: 0, count: SHA256.length)).utf8.count

  private let bytes: SecretBytes
  private var position = Self.start.utf8.count

  fileprivate static func end(_ checksum: [UInt8]) -> String { ",\"checksum\":\"\(Digest.hex(checksum))\"}" }

  /// Whether the payload is of this kind, be it damaged.
  static func recognizes(_ payload: borrowing SecretBytes) -> Bool {
    payload.count > endLength && payload.holds(Array(prefix.utf8), at: 0)
  }

  /// Checks length, checksum and version before anything is read.
  static func reading(_ payload: borrowing SecretBytes) throws(PayloadError) -> JSONPayloadReader {
    let end = payload.count - endLength
    guard end >= start.utf8.count else { throw .truncated }
    let reader = JSONPayloadReader(bytes: payload.clone(0..<end))
    let checksum = reader.bytes.withBytes { SHA256.digest($0) }
    guard payload.holds(Array(Self.end(checksum).utf8), at: end) else { throw .checksum }
    let isKnown = reader.bytes.holds(Array(start.utf8), at: 0)
    guard isKnown, end == reader.position || reader.byte(at: reader.position) == UInt8(ascii: ",") else {
      throw reader.version.map { .unknownVersion($0) } ?? .malformed
    }
    return reader
  }

  private init(bytes: consuming SecretBytes) { self.bytes = bytes }

  /// The value of the next member, whose name has to be `name`.
  mutating func next(_ name: String) throws(PayloadError) -> SecretBytes {
    guard isNext(name) else { throw .malformed }
    position += Self.opening(of: name).count
    var value = SecretBytes(capacity: bytes.count - position)
    while true {
      switch try take() {
      case UInt8(ascii: "\""): return value
      case UInt8(ascii: "\\"): value.append(try takeEscape())
      case let byte: value.append(byte)
      }
    }
  }

  mutating func nextText(_ name: String) throws(PayloadError) -> String {
    guard let text = try next(name).revealed() else { throw .malformed }
    return text
  }

  /// The value of the next member if that has this name.
  mutating func nextTextIfPresent(_ name: String) throws(PayloadError) -> String? {
    isNext(name) ? try nextText(name) : nil
  }

  mutating func nextIfPresent(_ name: String) throws(PayloadError) -> SecretBytes? {
    if isNext(name) { return try next(name) }
    return nil
  }

  private func isNext(_ name: String) -> Bool {
    let opening = Self.opening(of: name)
    return position + opening.count < bytes.count && bytes.holds(opening, at: position)
  }

  private static func opening(of name: String) -> [UInt8] { Array(",\"\(name)\":\"".utf8) }

  /// Refuses members nobody asked for.
  consuming func finish() throws(PayloadError) {
    guard position == bytes.count else { throw .malformed }
  }

  private mutating func takeEscape() throws(PayloadError) -> UInt8 {
    let byte = try take()
    guard byte == UInt8(ascii: "u") else { return byte }
    var number = 0
    for _ in 0..<4 {
      guard let digit = Character(UnicodeScalar(try take())).hexDigitValue else { throw .malformed }
      number = number << 4 | digit
    }
    guard number < 0x20 else { throw .malformed }
    return UInt8(number)
  }

  private mutating func take() throws(PayloadError) -> UInt8 {
    guard position < bytes.count else { throw .truncated }
    defer { position += 1 }
    return byte(at: position)
  }

  private func byte(at position: Int) -> UInt8 { bytes.withBytes { $0[position] } }

  /// The number after `"format":`.
  private var version: UInt8? {
    var digits = ""
    for index in Self.prefix.utf8.count..<bytes.count where digits.utf8.count < 4 {
      let digit = Character(UnicodeScalar(byte(at: index)))
      guard digit.isWholeNumber else { break }
      digits.append(digit)
    }
    return UInt8(digits)
  }
}
