/// The sections of one kind and name, taken as one: of two properties with the same key the last counts.
package struct MergedSection: Sendable {
  /// Where its first header stands.
  package let location: SourceLocation
  private let parts: [ConfigDocument.Selection]

  /// Nil where `parts`, in rising order of weight, are all empty.
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
