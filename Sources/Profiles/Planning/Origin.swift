/// Where a value comes from, for messages.
package enum Origin: Equatable, Sendable {
  /// An option of the command line: `--region`.
  case option(String)
  case variable(String)
  case property(Setting, profile: String, at: SourceLocation)
}

extension Profile {
  func origin(of property: Property, _ setting: Setting) -> Origin {
    .property(setting, profile: name, at: property.location)
  }
}
