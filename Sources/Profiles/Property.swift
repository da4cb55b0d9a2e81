/// A setting's value, and where it stands.
package struct Property: Equatable, Sendable {
  package var value: String
  package var location: SourceLocation

  package init(value: String, location: SourceLocation) {
    self.value = value
    self.location = location
  }
}
