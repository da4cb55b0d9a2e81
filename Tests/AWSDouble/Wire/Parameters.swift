/// The parameters of a call, from a form body or a query: decoded, each at most once.
struct Parameters: Sendable {
  private(set) var values: [String: String] = [:]

  /// Decodes `application/x-www-form-urlencoded` text, in which `+` is a space.
  init(form text: String) throws(Refusal) {
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = try Self.decode(parts[0])
      let value = parts.count == 2 ? try Self.decode(parts[1]) : ""
      if values.updateValue(value, forKey: name) != nil { throw .malformedQueryString("'\(name)' is repeated") }
    }
  }

  subscript(_ name: String) -> String? { values[name] }

  /// The double answers only what it understands: a parameter that is not expected is refused.
  func allow(_ names: Set<String>) throws(Refusal) {
    let unknown = values.keys.filter { !names.contains($0) }.sorted()
    if let first = unknown.first { throw .validation("the double does not know the parameter \(first) of this call") }
  }

  private static func decode(_ text: Substring) throws(Refusal) -> String {
    let spaced = text.replacing("+", with: "%20")
    guard let bytes = PercentEncoding.decode(spaced), let value = String(validating: bytes, as: UTF8.self) else {
      throw .malformedQueryString("'\(text)' is not percent-encoded UTF-8")
    }
    return value
  }
}
