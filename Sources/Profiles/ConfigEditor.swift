/// Changes the text of a config file and leaves every byte it does not have to touch as it was.
///
/// It writes what AWS's SDKs and botocore, whose parsers disagree, read alike: `[default]` without its type, a line per
/// property, no comments.
package struct ConfigEditor: Sendable {
  private(set) var document: ConfigDocument

  /// Throws for text that is not a config file, which is then better left alone.
  package init(
    _ bytes: [UInt8], file: String, as kind: ConfigDocument.Kind = .config
  ) throws(ConfigError) {
    document = try ConfigDocument(parsing: bytes, file: file, as: kind)
  }

  package var bytes: [UInt8] { document.bytes }

  package func hasProfile(_ name: String) -> Bool {
    !document.sections(.profile, named: name).sections.isEmpty
  }

  /// Appends the section of a profile that is not there yet.
  package mutating func addProfile(_ name: String, properties: [(key: Setting, value: String)]) throws(ConfigError) {
    if let section = document.sections(.profile, named: name).sections.first {
      throw .profileExists(name, at: document.location(line: section.line))
    }
    guard name.isSectionName else { throw .invalidProfileName(name) }
    if let location = document.quotedHeader(of: name) { throw .quotedProfile(name, at: location) }
    try append(name == "default" ? "[default]" : "[profile \(name)]", properties, to: .profile, name)
  }

  /// Appends the section of an Identity Center session that is not there yet.
  package mutating func addSSOSession(_ name: String, properties: [(key: Setting, value: String)]) throws(ConfigError) {
    if let section = document.sections(.ssoSession, named: name).sections.first {
      throw .ssoSessionExists(name, at: document.location(line: section.line))
    }
    guard name.isSectionName else { throw .invalidProfileName(name) }
    try append("[sso-session \(name)]", properties, to: .ssoSession, name)
  }

  private mutating func append(
    _ header: String, _ properties: [(key: Setting, value: String)], to kind: ConfigSection.Kind, _ name: String
  ) throws(ConfigError) {
    let lines = [header] + properties.map { "\($0.key.rawValue) = \($0.value)" }
    let text = document.gapBeforeNewSection + lines.map { $0 + document.lineBreak }.joined()
    try replace(bytes.count..<bytes.count, with: text, toSet: properties, of: kind, name)
  }

  /// Gives a property of a profile another value; adds the property, and the profile, if they are missing.
  package mutating func setProperty(_ key: Setting, to value: String, in name: String) throws(ConfigError) {
    if let location = document.quotedHeader(of: name) { throw .quotedProfile(name, at: location) }
    let selection = document.sections(.profile, named: name)
    guard let section = selection.sections.last else {
      return try addProfile(name, properties: [(key, value)])
    }
    if let property = selection.lastProperty(key.rawValue) {
      let text = document.needsSpace(before: property.value) ? " " + value : value
      try replace(property.value, with: text, toSet: [(key, value)], of: .profile, name)
    } else {
      let end = document.end(of: section)
      let line = document.lineBreak + "\(key.rawValue) = \(value)"
      try replace(end..<end, with: line, toSet: [(key, value)], of: .profile, name)
    }
  }

  /// Takes out the lines that hold `key`, and the section of a credentials file that is empty without them.
  package mutating func remove(_ key: PlainTextKey) throws(ConfigError) {
    try removeLines(document.lines(holding: key))
  }

  /// Takes out, from every profile, the lines that give `key` this value.
  package mutating func removeProperties(_ key: Setting, holding value: String) throws(ConfigError) {
    try removeLines(document.lines(giving: key, value))
  }

  /// - Parameter lines: in their order.
  private mutating func removeLines(_ lines: [Range<Int>]) throws(ConfigError) {
    var changed = bytes
    for range in lines.reversed() { changed.removeSubrange(range) }
    document = try ConfigDocument(parsing: changed, file: document.file, as: document.kind)
  }

  /// Makes the change, provided that `properties` then read back as they are meant.
  private mutating func replace(
    _ range: Range<Int>, with text: String, toSet properties: [(key: Setting, value: String)],
    of kind: ConfigSection.Kind, _ name: String
  ) throws(ConfigError) {
    for property in properties where !property.value.isPlainLine { throw .unwritableProperty(property.key) }
    var changed = bytes
    changed.replaceSubrange(range, with: text.utf8)
    let document = try ConfigDocument(parsing: changed, file: document.file, as: document.kind)
    let section = MergedSection(of: [document.sections(kind, named: name)])
    for property in properties where section?.property(property.key.rawValue)?.value != property.value {
      throw .unwritableProperty(property.key)
    }
    self.document = document
  }
}

extension String {
  /// Whether it is not empty and holds no line ends or other control characters.
  fileprivate var isPlainLine: Bool { !isEmpty && utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }
}

// MARK: - Lines

/// Where settings are in a document.
extension ConfigDocument {
  fileprivate func lines(giving key: Setting, _ value: String) -> [Range<Int>] {
    sections.filter(\.kind.isOfProfile).flatMap { properties[$0.properties] }
      .filter { isNamed(key.rawValue, $0) && self.value(of: $0) == value }.map(lines(of:))
  }

  /// The whole lines that hold `key` in the sections of its profile, in their order. A line with another value, such as
  /// that of a key which a later line replaces, is none of them: its secret may stand nowhere else.
  func lines(holding key: PlainTextKey) -> [Range<Int>] {
    sections.flatMap { lines(holding: key, in: $0) }
  }

  private func lines(holding key: PlainTextKey, in section: ConfigSection) -> [Range<Int>] {
    guard section.kind.isOfProfile, text(section.name) == key.profile else { return [] }
    let properties = properties[section.properties]
    guard properties.contains(where: { holds(key, $0) }) else { return [] }
    let lines = properties.filter { holds(key, $0) || isNamed(Self.sessionToken, $0) }.map(lines(of:))
    // The config file's section makes the profile known, with or without a key.
    guard kind == .credentials else { return lines }
    let whole = start(ofLineAt: section.name.lowerBound)..<end(ofSectionAfter: section.headerEnd)
    let rest = (section.headerEnd..<whole.upperBound).filter { index in !lines.contains { $0.contains(index) } }
    return rest.allSatisfy { bytes[$0].isWhite } ? [whole] : lines
  }

  private func holds(_ key: PlainTextKey, _ property: ConfigProperty) -> Bool {
    isNamed(Setting.accessKeyID.rawValue, property) && value(of: property) == key.accessKeyID.value
      || isNamed(Setting.secretAccessKey.rawValue, property) && value(of: property) == key.secretAccessKey.value
  }

  private func isNamed(_ name: String, _ property: ConfigProperty) -> Bool {
    bytes.span.holds(name, in: property.name)
  }

  /// A property's line and those that continue it, with their line ends.
  private func lines(of property: ConfigProperty) -> Range<Int> {
    let end = bytes.span.lineEnd(from: property.value.upperBound)
    return start(ofLineAt: property.name.lowerBound)..<min(end + 1, bytes.count)
  }

  private func start(ofLineAt index: Int) -> Int {
    bytes[..<index].lastIndex(of: .lineFeed).map { $0 + 1 } ?? 0
  }

  /// Where the next section of any kind starts, or the file ends.
  private func end(ofSectionAfter headerEnd: Int) -> Int {
    var start = headerEnd + 1
    while start < bytes.count {
      let end = bytes.span.lineEnd(from: start)
      if case .section = ConfigLine(start..<end, of: bytes.span) { return start }
      start = end + 1
    }
    return bytes.count
  }

  private static let sessionToken = "aws_session_token"
}

extension UInt8 {
  fileprivate var isWhite: Bool { isBlank || self == .lineFeed || self == .carriageReturn }
}

// MARK: - Layout

/// How a document is laid out, so that what is added looks like what is there.
extension ConfigDocument {
  /// The file's own: that of its first line.
  var lineBreak: String {
    let end = bytes.span.lineEnd(from: 0)
    return end < bytes.count && end > 0 && bytes[end - 1] == .carriageReturn ? "\r\n" : "\n"
  }

  /// Ends the last line if it has no end, and leaves a line empty if there is none.
  var gapBeforeNewSection: String {
    guard let last = bytes.last else { return "" }
    // A carriage return at the very end belongs to the line break that is missing, and would else belong to a value.
    guard last != .carriageReturn else { return "\n" + lineBreak }
    guard last == .lineFeed else { return lineBreak + lineBreak }
    let lastLine = bytes.dropLast().reversed().prefix { $0 != .lineFeed }
    return lastLine.allSatisfy { $0.isBlank || $0 == .carriageReturn } ? "" : lineBreak
  }

  /// Where the last property of `section`, or else its header, ends, without the line's end.
  func end(of section: ConfigSection) -> Int {
    let last = section.properties.last.map { properties[$0].value.upperBound }
    let end = bytes.span.lineEnd(from: last ?? section.headerEnd)
    return bytes.span.withoutCarriageReturn(section.name.upperBound..<end).upperBound
  }

  /// Whether a value that replaces `value` needs a space, because the `=` has one on its other side only.
  func needsSpace(before value: Range<Int>) -> Bool {
    bytes[value.lowerBound - 1] == UInt8(ascii: "=") && bytes[value.lowerBound - 2].isBlank
  }
}
