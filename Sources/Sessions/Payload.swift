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

/// Reads what `PayloadWriter` wrote, and refuses anything else: cached sessions, and keys that 0.1.0 stored.
struct PayloadReader: ~Copyable {
  let version: UInt8
  private let bytes: SecretBytes
  private let end: Int
  private var position: Int

  /// Checks length, checksum and magic number before anything is read.
  init(_ payload: borrowing SecretBytes) throws(PayloadError) {
    let (end, header) = (payload.count - PayloadWriter.checksumLength, PayloadWriter.magic.count + 1)
    guard end >= header else { throw .truncated }
    let content = payload.clone(0..<end)
    let checksum = content.withBytes { SHA256.digest($0) }
    guard payload.holds(checksum, at: end) else { throw .checksum }
    guard content.holds(PayloadWriter.magic, at: 0) else { throw .malformed }
    version = content.withBytes { $0[header - 1] }
    (self.end, position) = (end, header)
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
  /// Whether `expected` is at `start`.
  fileprivate func holds(_ expected: [UInt8], at start: Int) -> Bool {
    withBytes { bytes in
      var difference: UInt8 = 0
      for index in expected.indices { difference |= bytes[start + index] ^ expected[index] }
      return difference == 0
    }
  }
}

// MARK: - Payload writer

/// Writes a cached session: a magic number, a version, fields with their lengths, and a SHA-256 over all of it, so that
/// everything that must agree is stored by one write, and damage differs from absence.
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

/// Writes what an item that is kept on disk holds: one JSON object, so that a person can read a key back with Passwords
/// and Keys or secret-tool, with a SHA-256 over all before it as its last member, so that damage differs from absence.
struct JSONPayloadWriter: ~Copyable {
  private var bytes = SecretBytes(capacity: 512)

  init() { bytes.append(JSONPayloadReader.start) }

  mutating func append(_ name: String, _ text: String) {
    append(name, text.utf8.span)
  }

  mutating func append(_ name: String, _ secret: borrowing SecretBytes) {
    secret.withBytes { append(name, $0) }
  }

  private mutating func append(_ name: String, _ text: borrowing Span<UInt8>) {
    bytes.append(",\"\(name)\":")
    let isText = bytes.appendJSONString(text)
    precondition(isText, "keys and tokens are text")
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

  private let document: SecretDocument
  /// What was not read yet.
  private var members: ArraySlice<SecretDocument.Place>

  fileprivate static func end(_ checksum: [UInt8]) -> String { ",\"checksum\":\"\(Digest.hex(checksum))\"}" }

  /// Whether the payload is of this kind, be it damaged.
  static func recognizes(_ payload: borrowing SecretBytes) -> Bool {
    payload.count > endLength && payload.holds(Array(prefix.utf8), at: 0)
  }

  /// Checks length, checksum and version before anything is read.
  init(_ payload: borrowing SecretBytes) throws(PayloadError) {
    let end = payload.count - Self.endLength
    guard end >= Self.start.utf8.count else { throw .truncated }
    let checksum = payload.clone(0..<end).withBytes { SHA256.digest($0) }
    guard payload.holds(Array(Self.end(checksum).utf8), at: end) else { throw .checksum }
    let document: SecretDocument
    do throws(JSONError) { document = try SecretDocument(json: payload) } catch { throw .malformed }
    guard let format = document.text(at: "format").flatMap({ UInt8($0) }) else { throw .malformed }
    guard format == 2 else { throw .unknownVersion(format) }
    members = document.children(of: SecretDocument.root).dropFirst().dropLast()
    self.document = document
  }

  /// The value of the next member, whose name has to be `name`.
  mutating func next(_ name: String) throws(PayloadError) -> SecretBytes {
    guard isNext(name), let place = members.popFirst(), document.kind(of: place) == .text else { throw .malformed }
    return document.secret(at: place)
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

  mutating func nextDate(_ name: String) throws(PayloadError) -> Date {
    guard let date = try nextDateIfPresent(name) else { throw .malformed }
    return date
  }

  mutating func nextDateIfPresent(_ name: String) throws(PayloadError) -> Date? {
    guard let text = try nextTextIfPresent(name) else { return nil }
    guard let date = Date(iso8601: text) else { throw .malformed }
    return date
  }

  private func isNext(_ name: String) -> Bool { members.first.map { document.name(of: $0) } == name }

  /// Refuses members nobody asked for.
  consuming func finish() throws(PayloadError) {
    guard members.isEmpty else { throw .malformed }
  }
}
