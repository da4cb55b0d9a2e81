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
    !document.sections(ofProfile: name).sections.isEmpty
  }

  /// Appends the section of a profile that is not there yet.
  package mutating func addProfile(_ name: String, properties: [(key: Setting, value: String)]) throws(ConfigError) {
    if let section = document.sections(ofProfile: name).sections.first {
      throw .profileExists(name, at: document.location(line: section.line))
    }
    guard name.utf8.span.isName(0..<name.utf8.count) else { throw .invalidProfileName(name) }
    let lines =
      [name == "default" ? "[default]" : "[profile \(name)]"] + properties.map { "\($0.key.rawValue) = \($0.value)" }
    let text = document.gapBeforeNewSection + lines.map { $0 + document.lineBreak }.joined()
    try replace(bytes.count..<bytes.count, with: text, toSet: properties, in: name)
  }

  /// Gives a property of a profile another value; adds the property, and the profile, where they are missing.
  package mutating func setProperty(_ key: Setting, to value: String, in name: String) throws(ConfigError) {
    let selection = document.sections(ofProfile: name)
    guard let section = selection.sections.last else {
      return try addProfile(name, properties: [(key, value)])
    }
    if let property = selection.lastProperty(key.rawValue) {
      let text = document.needsSpace(before: property.value) ? " " + value : value
      try replace(property.value, with: text, toSet: [(key, value)], in: name)
    } else {
      let end = document.end(of: section)
      let line = document.lineBreak + "\(key.rawValue) = \(value)"
      try replace(end..<end, with: line, toSet: [(key, value)], in: name)
    }
  }

  /// Takes out the lines that hold `key`, and the section of a credentials file that is empty without them.
  package mutating func remove(_ key: PlainTextKey) throws(ConfigError) {
    try removeLines(document.lines(holding: key))
  }

  /// - Parameter lines: in their order.
  mutating func removeLines(_ lines: [Range<Int>]) throws(ConfigError) {
    var changed = bytes
    for range in lines.reversed() { changed.removeSubrange(range) }
    document = try ConfigDocument(parsing: changed, file: document.file, as: document.kind)
  }

  /// Makes the change, provided that `properties` then read back as they are meant.
  private mutating func replace(
    _ range: Range<Int>, with text: String, toSet properties: [(key: Setting, value: String)], in name: String
  ) throws(ConfigError) {
    for property in properties where !property.value.isPlainLine { throw .unwritableProperty(property.key) }
    var changed = bytes
    changed.replaceSubrange(range, with: text.utf8)
    let document = try ConfigDocument(parsing: changed, file: document.file, as: document.kind)
    let section = MergedSection(of: [document.sections(ofProfile: name)])
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
