/// Where a key stands in a document.
extension ConfigDocument {
  /// The whole lines that hold `key` in the sections of its profile, in their order. A line with another value, such as
  /// that of a key which a later line replaces, is none of them: its secret may stand nowhere else.
  func lines(holding key: PlainTextKey) -> [Range<Int>] {
    sections.flatMap { lines(holding: key, in: $0) }
  }

  private func lines(holding key: PlainTextKey, in section: ConfigSection) -> [Range<Int>] {
    let kinds: [ConfigSection.Kind] = [.profile, .plainDefault]
    guard kinds.contains(section.kind), text(section.name) == key.profile else { return [] }
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

  func isNamed(_ name: String, _ property: ConfigProperty) -> Bool {
    bytes.span.holds(name, in: property.name)
  }

  /// A property's line and those that continue it, with their line ends.
  func lines(of property: ConfigProperty) -> Range<Int> {
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
