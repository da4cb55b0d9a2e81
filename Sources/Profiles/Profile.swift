/// A profile, as both files together describe it.
package struct Profile: Sendable {
  package let name: String
  private let section: MergedSection

  init(name: String, section: MergedSection) {
    self.name = name
    self.section = section
  }

  /// Where its first section starts.
  package var location: SourceLocation { section.location }

  /// A setting; one without a value counts as absent.
  package subscript(setting: Setting) -> Property? {
    guard let property = section.property(setting.rawValue), !property.value.isEmpty else { return nil }
    return property
  }

  /// Any property, by its key; the value of one with sub-properties starts with a line feed.
  package func property(_ key: String) -> Property? { section.property(key) }

  /// The keys of its properties in lower case, each once, sorted.
  package var keys: [String] { section.keys }
}
