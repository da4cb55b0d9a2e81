/// The limits of STS's API model.
extension Parameters {
  private static let word = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

  func integer(
    _ name: String, in limits: ClosedRange<Int>, default fallback: Int
  ) throws(Refusal) -> Int {
    guard let text = self[name] else { return fallback }
    let member = name.prefix(1).lowercased() + name.dropFirst()
    guard let value = Int(text) else { throw .malformedQueryString("\(name) is not an integer") }
    if value < limits.lowerBound {
      throw .constraint(text, at: member, "have value greater than or equal to \(limits.lowerBound)")
    }
    if value > limits.upperBound {
      throw .constraint(text, at: member, "have value less than or equal to \(limits.upperBound)")
    }
    return value
  }

  /// The value, if given: of a length in `limits`, of ASCII letters, digits, `_` and `others`.
  func text(_ name: String, _ limits: ClosedRange<Int>, others: String) throws(Refusal) -> String? {
    guard let text = self[name] else { return nil }
    let member = name.prefix(1).lowercased() + name.dropFirst()
    guard limits.contains(text.unicodeScalars.count) else {
      let (least, most) = (limits.lowerBound, limits.upperBound)
      throw .constraint(text, at: member, "have length between \(least) and \(most)")
    }
    guard text.allSatisfy({ Self.word.contains($0) || others.contains($0) }) else {
      throw .constraint(text, at: member, "satisfy regular expression pattern: [\\w\(others)]*")
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
