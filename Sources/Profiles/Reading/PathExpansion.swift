internal import AWSValues

/// Expands variables and the home directory in a path, as botocore does for the places of the shared files.
///
/// What is not set stays as it is written, and so does another user's home (`~alice/x`).
struct PathExpansion {
  private let environment: [String: String]

  init(_ environment: [String: String]) {
    self.environment = environment
  }

  func expand(_ path: String) -> String {
    let path = expandingVariables(path)
    guard let home = environment["HOME"], path == "~" || path.hasPrefix("~/") else { return path }
    return home + path.dropFirst()
  }

  private func expandingVariables(_ path: String) -> String {
    var rest = path[...]
    var expanded = ""
    while let dollar = rest.firstIndex(of: "$") {
      expanded += rest[..<dollar]
      let reference = Self.reference(at: rest[dollar...])
      expanded += environment[String(reference.name)] ?? String(reference.text)
      rest = rest[reference.text.endIndex...]
    }
    return expanded + rest
  }

  /// The `$NAME` or `${NAME}` that `text` starts with, or the bare `$`.
  private static func reference(at text: Substring) -> (text: Substring, name: Substring) {
    let tail = text.dropFirst()
    if tail.first == "{", let close = tail.firstIndex(of: "}") {
      return (text[...close], tail[..<close].dropFirst())
    }
    let name = tail.prefix { $0.utf8.allSatisfy(\.isWordCharacter) }
    return (text[..<name.endIndex], name)
  }
}
