/// Taking settings out.
extension ConfigEditor {
  /// Takes out, from every profile, the lines that give `key` this value.
  package mutating func removeProperties(_ key: Setting, holding value: String) throws(ConfigError) {
    try removeLines(document.lines(giving: key, value))
  }
}

extension ConfigDocument {
  fileprivate func lines(giving key: Setting, _ value: String) -> [Range<Int>] {
    let kinds: [ConfigSection.Kind] = [.profile, .plainDefault]
    return sections.filter { kinds.contains($0.kind) }.flatMap { properties[$0.properties] }
      .filter { isNamed(key.rawValue, $0) && self.value(of: $0) == value }.map(lines(of:))
  }
}
