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
    case .malformed(let syntax): throw malformed(isOutside && syntax != .sectionNotClosed ? .outsideSection : syntax)
    }
  }

  private mutating func openSection(_ header: Range<Int>, of bytes: Span<UInt8>) {
    place = .section
    reading = .ignored
    guard let (kind, name) = SectionHeader(header, of: bytes, in: kind).meaning else { return }
    reading = .section
    sections.append(
      ConfigSection(
        kind: kind, name: name, line: line, headerEnd: lineEnd, properties: properties.count..<properties.count))
  }

  private mutating func addProperty(
    _ name: Range<Int>, _ value: Range<Int>, of bytes: Span<UInt8>
  ) throws(ConfigError) {
    guard !isOutside else { throw malformed(.outsideSection) }
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
    guard let offset = bytes.firstOffsetOfOtherThanText else { return }
    var line = 1
    for index in 0..<offset where bytes[index] == .lineFeed { line += 1 }
    throw .malformed(.notText, at: SourceLocation(file: file, line: line))
  }

  private var isOutside: Bool { place == .outside }

  private func malformed(_ syntax: ConfigError.Syntax) -> ConfigError {
    .malformed(syntax, at: SourceLocation(file: file, line: line))
  }
}
