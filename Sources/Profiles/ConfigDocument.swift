/// One of AWS's shared files, split into sections; names and values stay bytes until they are asked for.
package struct ConfigDocument: Sendable {
  let file: String
  let kind: Kind
  let bytes: [UInt8]
  let sections: [ConfigSection]
  let properties: [ConfigProperty]
  /// The last section of each name, for files with thousands of them.
  private let lastByName: [String: Int]
  /// For each section, the one of the same name before it.
  private let previous: [Int?]

  /// Which of the two files it is: they write their section headers differently.
  package enum Kind: Sendable {
    /// `~/.aws/config`, with `[profile NAME]`.
    case config
    /// `~/.aws/credentials`, with `[NAME]`.
    case credentials
  }

  /// Reads `bytes` by the grammar that the AWS SDKs share.
  /// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
  package init(parsing bytes: [UInt8], file: String, as kind: Kind) throws(ConfigError) {
    var parser = ConfigParser(file: file, kind: kind)
    try parser.parse(bytes.span)
    self.file = file
    self.kind = kind
    self.bytes = bytes
    sections = parser.sections
    properties = parser.properties
    var lastByName = [String: Int](minimumCapacity: sections.count)
    previous = sections.indices.map { [sections] index in
      lastByName.updateValue(index, forKey: String(decoding: bytes[sections[index].name], as: UTF8.self))
    }
    self.lastByName = lastByName
  }

  func location(line: Int) -> SourceLocation {
    SourceLocation(file: file, line: line)
  }

  func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}

// MARK: - Sections

/// Sections of a document, found by kind and name.
extension ConfigDocument {
  /// Some sections of a document, in their order.
  struct Selection: Sendable {
    var document: ConfigDocument
    var sections: [ConfigSection]
  }

  /// `[default]` counts as a profile only if there is no `[profile default]`.
  func sections(_ kind: ConfigSection.Kind, named name: String) -> Selection {
    let named = (lastByName[name].map { [$0] + earlier(than: $0) } ?? []).reversed().map { sections[$0] }
    let found = named.filter { $0.kind == kind }
    guard kind == .profile, found.isEmpty else { return Selection(document: self, sections: found) }
    return Selection(document: self, sections: named.filter { $0.kind == .plainDefault })
  }

  /// The sections of the same name before this one, from the last to the first.
  private func earlier(than index: Int) -> [Int] {
    var found: [Int] = []
    while let next = previous[found.last ?? index] { found.append(next) }
    return found
  }

  /// Where a header such as `[profile "name"]` stands.
  func quotedHeader(of name: String) -> SourceLocation? { quotedHeaders.first { $0.name == name }?.location }

  /// All of these, with the names that they spell. The AWS CLI reads one of the config file as a command line's words.
  var quotedHeaders: [(name: String, location: SourceLocation)] {
    sections.filter { $0.kind == .quotedProfile }.map { section in
      let text = text(section.name)
      let words = kind == .config ? ShellWords(text, home: nil).words : [text]
      return (words.count == 1 ? words[0] : text, location(line: section.line))
    }
  }

  /// Where headers such as `[name]` stand that were meant as `[profile name]`, by a setting of a profile below them: other
  /// programs have sections of their own.
  var bareNames: [(name: String, location: SourceLocation)] {
    sections.filter { section in
      section.kind == .bareName && section.properties.contains { Setting(rawValue: key(of: $0)) != nil }
    }.map { (text($0.name), location(line: $0.line)) }
  }

  /// Where a section, or a setting within a section, is repeated: botocore stops there and reads nothing of the file.
  var repetitions: [SourceLocation] {
    let again = sections.indices.filter { index in
      earlier(than: index).contains { sections[$0].kind == sections[index].kind }
    }
    .map { sections[$0].line }
    let settings = sections.flatMap { section in
      var seen: Set<String> = []
      return section.properties.filter { !seen.insert(key(of: $0)).inserted }.map { properties[$0].line }
    }
    return (again + settings).sorted().map { location(line: $0) }
  }

  var profileNames: [String] {
    sections.filter(\.kind.isOfProfile).map { text($0.name) }
  }

  var ssoSessionNames: [String] { Set(sections.filter { $0.kind == .ssoSession }.map { text($0.name) }).sorted() }
}

// MARK: - Values

/// What properties hold.
extension ConfigDocument {
  /// The value of `property`: its continuation lines follow trimmed, each after a line feed.
  func value(of property: ConfigProperty) -> String {
    let bytes = bytes.span
    let firstEnd = min(bytes.lineEnd(from: property.value.lowerBound), property.value.upperBound)
    guard firstEnd < property.value.upperBound else { return text(property.value) }
    let first = bytes.withoutCarriageReturn(property.value.lowerBound..<firstEnd)
    let start = text(bytes.trimmed(bytes.withoutComment(first)))
    return continuations(of: property).reduce(start) { $0 + "\n" + text($1.text) }
  }

  /// The sub-property `name` of `property`: the value behind the last `name =` among its indented lines.
  func subProperty(_ name: String, of property: ConfigProperty) -> Property? {
    let bytes = bytes.span
    for (text, line) in continuations(of: property).reversed() {
      guard let equals = bytes.firstIndex(of: UInt8(ascii: "="), in: text),
        bytes.holds(name, in: bytes.trimmed(text.lowerBound..<equals))
      else { continue }
      let value = self.text(bytes.trimmed(equals + 1..<text.upperBound))
      return Property(value: value, location: location(line: line))
    }
    return nil
  }

  private func continuations(of property: ConfigProperty) -> [(text: Range<Int>, line: Int)] {
    let bytes = bytes.span
    var found: [(Range<Int>, Int)] = []
    var line = property.line
    var end = bytes.lineEnd(from: property.value.lowerBound)
    while end < property.value.upperBound {
      let start = end + 1
      end = bytes.lineEnd(from: start)
      line += 1
      if case .continuation(let text) = ConfigLine(start..<end, of: bytes) { found.append((text, line)) }
    }
    return found
  }
}

// MARK: - Merged section

/// The sections of one kind and name, taken as one: of two properties with the same key the last counts.
package struct MergedSection: Sendable {
  /// Where its first header stands.
  package let location: SourceLocation
  private let parts: [ConfigDocument.Selection]

  /// Nil if `parts`, in rising order of weight, are all empty.
  init?(of parts: [ConfigDocument.Selection]) {
    let filled = parts.filter { !$0.sections.isEmpty }
    guard let first = filled.first else { return nil }
    location = first.document.location(line: first.sections[0].line)
    self.parts = filled
  }

  /// The value of one with sub-properties starts with a line feed.
  package func property(_ key: String) -> Property? {
    find(key) { Property(value: $0.value(of: $1), location: $0.location(line: $1.line)) }
  }

  /// The indented `name = value` below the property `key`.
  package func subProperty(_ name: String, of key: String) -> Property? {
    find(key) { $0.subProperty(name, of: $1) } ?? nil
  }

  /// The keys of its properties in lower case, each once, sorted.
  package var keys: [String] {
    var keys: Set<String> = []
    for part in parts {
      for index in part.sections.flatMap(\.properties) { keys.insert(part.document.key(of: index)) }
    }
    return keys.sorted()
  }

  private func find<Found>(_ key: String, _ body: (ConfigDocument, ConfigProperty) -> Found) -> Found? {
    for part in parts.reversed() {
      if let property = part.lastProperty(key) { return body(part.document, property) }
    }
    return nil
  }
}

extension ConfigDocument.Selection {
  func lastProperty(_ key: String) -> ConfigProperty? {
    let bytes = document.bytes.span
    for section in sections.reversed() {
      for index in section.properties.reversed() {
        let property = document.properties[index]
        if bytes.holds(key, in: property.name) { return property }
      }
    }
    return nil
  }
}

extension ConfigDocument {
  fileprivate func key(of index: Int) -> String {
    String(decoding: bytes[properties[index].name].map(\.lowercased), as: UTF8.self)
  }
}
