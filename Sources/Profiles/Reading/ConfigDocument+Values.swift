/// What properties hold.
extension ConfigDocument {
  /// The value of `property`: its continuation lines follow trimmed, each after a line feed.
  func value(of property: ConfigProperty) -> String {
    let bytes = bytes.span
    let firstEnd = min(bytes.lineEnd(from: property.value.lowerBound), property.value.upperBound)
    guard firstEnd < property.value.upperBound else { return text(property.value) }
    let first = bytes.withoutCarriageReturn(property.value.lowerBound..<firstEnd)
    let start = text(bytes.trimmed(bytes.withoutComment(first, where: .afterSpace)))
    return continuations(of: property).reduce(start) { $0 + "\n" + text($1.text) }
  }

  /// The sub-property `name` of `property`: the value behind the last `name =` among its indented lines.
  func subProperty(_ name: String, of property: ConfigProperty) -> Property? {
    let bytes = bytes.span
    for (text, line) in continuations(of: property).reversed() {
      guard let equals = bytes.firstIndex(of: UInt8(ascii: "="), in: text),
        bytes.holds(name, in: bytes.trimmed(text.lowerBound..<equals))
      else { continue }
      let value = self.text(bytes.trimmed(equals + 1..<text.upperBound))
      return Property(value: value, location: location(line: line))
    }
    return nil
  }

  private func continuations(of property: ConfigProperty) -> [(text: Range<Int>, line: Int)] {
    let bytes = bytes.span
    var found: [(Range<Int>, Int)] = []
    var line = property.line
    var end = bytes.lineEnd(from: property.value.lowerBound)
    while end < property.value.upperBound {
      let start = end + 1
      end = bytes.lineEnd(from: start)
      line += 1
      if case .continuation(let text) = ConfigLine(start..<end, of: bytes) { found.append((text, line)) }
    }
    return found
  }
}
