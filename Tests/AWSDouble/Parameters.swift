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

  func without(_ name: String) -> Parameters {
    var others = self
    others.values[name] = nil
    return others
  }

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

// MARK: - Limits

/// The limits of STS's API model.
extension Parameters {
  private static let word = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

  func integer(
    _ name: String, in limits: ClosedRange<Int>, default fallback: Int
  ) throws(Refusal) -> Int {
    guard let text = self[name] else { return fallback }
    guard let value = Int(text) else { throw .malformedQueryString("\(name) is not an integer") }
    if value < limits.lowerBound {
      throw .constraint(text, at: name, "have value greater than or equal to \(limits.lowerBound)")
    }
    if value > limits.upperBound {
      throw .constraint(text, at: name, "have value less than or equal to \(limits.upperBound)")
    }
    return value
  }

  /// The value, if given: of a length in `limits`, of ASCII letters, digits, `_` and `others`.
  func text(_ name: String, _ limits: ClosedRange<Int>, others: String) throws(Refusal) -> String? {
    guard let text = self[name] else { return nil }
    guard limits.contains(text.unicodeScalars.count) else {
      let (least, most) = (limits.lowerBound, limits.upperBound)
      throw .constraint(text, at: name, "have length between \(least) and \(most)")
    }
    guard text.allSatisfy({ Self.word.contains($0) || others.contains($0) }) else {
      throw .constraint(text, at: name, "satisfy regular expression pattern: [\\w\(others)]*")
    }
    return text
  }

  func required(_ value: String?, _ name: String) throws(Refusal) -> String {
    guard let value else {
      let member = name.prefix(1).lowercased() + name.dropFirst()
      throw .validation(
        "1 validation error detected: Value null at '\(member)' failed to satisfy constraint: Member must not be null")
    }
    return value
  }
}
