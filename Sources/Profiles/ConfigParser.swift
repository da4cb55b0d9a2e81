internal import AWSValues
import Glibc

/// Splits a config file into sections and properties, in one pass over its bytes.
struct ConfigParser {
  private let file: String
  private let kind: ConfigDocument.Kind
  private(set) var sections: [ConfigSection] = []
  private(set) var properties: [ConfigProperty] = []
  private var place = Place.outside
  private var reading = Reading.ignored
  private var line = 0
  private var lineEnd = 0

  /// What an indented line would belong to.
  private enum Place {
    case outside, section, property, emptyProperty
  }

  /// What becomes of the section, or the property, that the current line belongs to.
  private enum Reading {
    /// The section has another program's name or type.
    case ignored
    case section
    case property
    /// The property has a name that SDKs ignore.
    case ignoredProperty
  }

  init(file: String, kind: ConfigDocument.Kind) {
    self.file = file
    self.kind = kind
  }

  mutating func parse(_ bytes: Span<UInt8>) throws(ConfigError) {
    try checkText(bytes)
    var start = 0
    while start < bytes.count {
      line += 1
      lineEnd = bytes.lineEnd(from: start)
      try take(ConfigLine(start..<lineEnd, of: bytes), of: bytes)
      start = lineEnd + 1
    }
  }

  private mutating func take(_ line: ConfigLine, of bytes: Span<UInt8>) throws(ConfigError) {
    switch line {
    case .empty: break
    case .section(let header): openSection(header, of: bytes)
    case .property(let name, let value): try addProperty(name, value, of: bytes)
    case .continuation(let text): try extendProperty(with: text, of: bytes)
    case .malformed(let syntax):
      throw malformed(place == .outside && syntax != .sectionNotClosed ? .outsideSection : syntax)
    }
  }

  private mutating func openSection(_ header: Range<Int>, of bytes: Span<UInt8>) {
    place = .section
    reading = .ignored
    guard let (kind, name) = Self.meaning(ofHeader: header, of: bytes, in: kind) else { return }
    // No SDK reads a profile with a quoted name.
    reading = kind == .quotedProfile ? .ignored : .section
    sections.append(
      ConfigSection(
        kind: kind, name: name, line: line, headerEnd: lineEnd, properties: properties.count..<properties.count))
  }

  private mutating func addProperty(
    _ name: Range<Int>, _ value: Range<Int>, of bytes: Span<UInt8>
  ) throws(ConfigError) {
    guard place != .outside else { throw malformed(.outsideSection) }
    place = value.isEmpty ? .emptyProperty : .property
    guard reading != .ignored else { return }
    guard bytes.isName(name) else {
      reading = .ignoredProperty
      return
    }
    reading = .property
    properties.append(ConfigProperty(name: name, value: value, line: line))
    sections[sections.count - 1].properties = sections[sections.count - 1].properties.lowerBound..<properties.count
  }

  private mutating func extendProperty(with text: Range<Int>, of bytes: Span<UInt8>) throws(ConfigError) {
    switch place {
    case .outside: throw malformed(.outsideSection)
    case .section: throw malformed(.continuationWithoutProperty)
    case .emptyProperty: try checkSubProperty(text, of: bytes)
    case .property: break
    }
    guard reading == .property else { return }
    properties[properties.count - 1].value = properties[properties.count - 1].value.lowerBound..<text.upperBound
  }

  private func checkSubProperty(_ text: Range<Int>, of bytes: Span<UInt8>) throws(ConfigError) {
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "="), in: text) else {
      throw malformed(.subPropertyWithoutEquals)
    }
    guard equals > text.lowerBound else { throw malformed(.subPropertyWithoutName) }
  }

  private func checkText(_ bytes: Span<UInt8>) throws(ConfigError) {
    if bytes.count > 2, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      throw .malformed(.byteOrderMark, at: SourceLocation(file: file, line: 1))
    }
    guard let offset = bytes.firstOffsetOfOtherThanText else { return }
    var line = 1
    for index in 0..<offset where bytes[index] == .lineFeed { line += 1 }
    throw .malformed(.notText, at: SourceLocation(file: file, line: line))
  }

  private func malformed(_ syntax: ConfigError.Syntax) -> ConfigError {
    .malformed(syntax, at: SourceLocation(file: file, line: line))
  }
}

// MARK: - Config line

/// A line of a config file, read without regard to the lines around it.
enum ConfigLine: Equatable {
  /// Nothing, white space, or a comment.
  case empty
  /// What is between the brackets.
  case section(Range<Int>)
  /// An empty value starts right after the `=`.
  case property(name: Range<Int>, value: Range<Int>)
  /// Indented text, which belongs to the property before it.
  case continuation(Range<Int>)
  case malformed(ConfigError.Syntax)

  /// Reads `range` of `bytes`, a line without its line feed.
  ///
  /// The AWS CLI skips a comment that is indented, other SDKs take it for a continuation; we skip it.
  init(_ range: Range<Int>, of bytes: Span<UInt8>) {
    let line = bytes.withoutCarriageReturn(range)
    let text = bytes.trimmed(line)
    if text.isEmpty || bytes[text.lowerBound].startsComment {
      self = .empty
    } else if bytes[line.lowerBound].isBlank {
      self = .continuation(text)
    } else if bytes[line.lowerBound] == UInt8(ascii: "[") {
      self.init(header: text, of: bytes)
    } else {
      self.init(property: bytes.withoutComment(text), of: bytes)
    }
  }

  private init(header: Range<Int>, of bytes: Span<UInt8>) {
    let end = header.first { bytes[$0].startsComment } ?? header.upperBound
    let header = bytes.trimmed(header.lowerBound..<end)
    guard header.count >= 2, bytes[header.upperBound - 1] == UInt8(ascii: "]") else {
      self = .malformed(.sectionNotClosed)
      return
    }
    self = .section(bytes.trimmed(header.lowerBound + 1..<header.upperBound - 1))
  }

  private init(property: Range<Int>, of bytes: Span<UInt8>) {
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "="), in: property) else {
      self = .malformed(.propertyWithoutEquals)
      return
    }
    let name = bytes.trimmed(property.lowerBound..<equals)
    let value = bytes.trimmed(equals + 1..<property.upperBound)
    self = name.isEmpty ? .malformed(.propertyWithoutName) : .property(name: name, value: value)
  }
}

extension Span<UInt8> {
  /// `line` without the carriage return of a Windows line end.
  func withoutCarriageReturn(_ line: Range<Int>) -> Range<Int> {
    guard !line.isEmpty, self[line.upperBound - 1] == .carriageReturn else { return line }
    return line.lowerBound..<line.upperBound - 1
  }
}

/// A property as it is in a config file.
struct ConfigProperty: Equatable, Sendable {
  var name: Range<Int>
  /// The value, with its continuation lines as they are in the file.
  var value: Range<Int>
  var line: Int
}

// MARK: - Config section

/// A section of a config file; its name is a range of the file's bytes, its properties one of the document's.
struct ConfigSection: Equatable, Sendable {
  var kind: Kind
  var name: Range<Int>
  /// The line of the header.
  var line: Int
  /// Where the header's line ends: its line feed, or the end of the file.
  var headerEnd: Int
  var properties: Range<Int>

  enum Kind: Equatable, Sendable {
    case profile
    /// `[default]` in the config file, which any `[profile default]` replaces.
    case plainDefault
    case ssoSession, services
    /// `[profile "name"]` or `[profile a*b]`, which the AWS CLI alone reads: it takes the header for a command line's words.
    /// In the credentials file, a name with a space too.
    case quotedProfile
    /// `[name]` in the config file, which nobody reads as a profile: the word `profile` is missing.
    case bareName

    /// Whether it holds settings of a profile.
    var isOfProfile: Bool { self == .profile || self == .plainDefault }
  }
}

// MARK: - Section header

/// What the text between a section's brackets means: the kind of section and its name; nil for a section that is none of
/// ours.
extension ConfigParser {
  private typealias Meaning = (kind: ConfigSection.Kind, name: Range<Int>)

  private static func meaning(
    ofHeader text: Range<Int>, of bytes: Span<UInt8>, in document: ConfigDocument.Kind
  ) -> Meaning? {
    let meaning = document == .config ? meaning(ofConfigHeader: text, of: bytes) : (.profile, text)
    guard let (kind, name) = meaning, !bytes.isName(name) else { return meaning }
    let isReadByCLI =
      kind == .profile && (document == .credentials || bytes.hasQuotes(name) || !bytes.hasBlanks(name))
    return isReadByCLI ? (.quotedProfile, name) : nil
  }

  private static func meaning(ofConfigHeader text: Range<Int>, of bytes: Span<UInt8>) -> Meaning? {
    let end = text.first { bytes[$0].isBlank } ?? text.upperBound
    let type = text.lowerBound..<end
    let name = bytes.trimmed(end..<text.upperBound)
    if name.isEmpty { return (bytes.equals("default", in: type) ? .plainDefault : .bareName, type) }
    if bytes.equals("profile", in: type) { return (.profile, name) }
    if bytes.equals("sso-session", in: type) { return (.ssoSession, name) }
    return bytes.equals("services", in: type) ? (.services, name) : nil
  }
}

// MARK: - Lines

/// The lines of a config file, as ranges of its bytes.
extension Span<UInt8> {
  /// Where the line that starts at `start` ends: its line feed, or the end of the file.
  func lineEnd(from start: Int) -> Int {
    firstIndex(of: .lineFeed, in: start..<count) ?? count
  }

  /// By memchr(3): a config file of 10 000 profiles has a million bytes.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    unsafe extracting(range).withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let found = unsafe memchr(start, Int32(byte), bytes.count) else {
        return nil
      }
      return unsafe range.lowerBound + (UnsafeRawPointer(found) - start)
    }
  }

  /// `range` without the white space at its ends; at its start if there is nothing else.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, self[end - 1].isBlank { end -= 1 }
    var start = range.lowerBound
    while start < end, self[start].isBlank { start += 1 }
    return start == end ? range.lowerBound..<range.lowerBound : start..<end
  }

  /// `range` up to the first `#` or `;` that follows a blank within it.
  func withoutComment(_ range: Range<Int>) -> Range<Int> {
    let start = range.dropFirst().first { self[$0].startsComment && self[$0 - 1].isBlank }
    return range.lowerBound..<(start ?? range.upperBound)
  }

  /// Whether `range` holds `text`, ASCII letters of either case counting as equal.
  func holds(_ text: String, in range: Range<Int>) -> Bool {
    let text = text.utf8.span
    return text.count == range.count
      && text.indices.allSatisfy { text[$0].lowercased == self[range.lowerBound + $0].lowercased }
  }
}

// MARK: - Names

extension String {
  /// Whether every reader takes it for the name of a profile or session: letters, digits and `-_/.%@:+`.
  package var isSectionName: Bool { utf8.span.isName(0..<utf8.count) }
}

/// Names of sections and properties.
extension Span<UInt8> {
  /// Whether `range` is a name that AWS's SDKs read; they ignore what carries another.
  func isName(_ range: Range<Int>) -> Bool {
    !range.isEmpty && range.allSatisfy { self[$0].isNameCharacter }
  }

  fileprivate func hasQuotes(_ range: Range<Int>) -> Bool {
    range.contains { "\"'\\".utf8.contains(self[$0]) }
  }

  fileprivate func hasBlanks(_ range: Range<Int>) -> Bool {
    range.contains { self[$0].isBlank }
  }

  func equals(_ text: String, in range: Range<Int>) -> Bool {
    let text = text.utf8.span
    return text.count == range.count && text.indices.allSatisfy { text[$0] == self[range.lowerBound + $0] }
  }

  /// Where the first NUL, or the first byte that is not UTF-8, stands.
  var firstOffsetOfOtherThanText: Int? {
    do {
      _ = try UTF8Span(validating: self)
      return firstIndex(of: 0, in: indices)
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}

// MARK: - Config

/// What a byte means in a config file.
extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
  var startsComment: Bool { self == UInt8(ascii: "#") || self == UInt8(ascii: ";") }
  var lowercased: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }

  /// The characters that AWS's SDKs allow in the names of profiles and properties.
  var isNameCharacter: Bool {
    isWordCharacter || "-/.%@:+".utf8.contains(self)
  }
}
