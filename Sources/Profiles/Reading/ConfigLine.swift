/// A line of a config file, read without regard to the lines around it.
enum ConfigLine: Equatable {
  /// Nothing, white space, or a comment.
  case empty
  /// What stands between the brackets.
  case section(Range<Int>)
  /// An empty value starts right after the `=`.
  case property(name: Range<Int>, value: Range<Int>)
  /// Indented text, which belongs to the property before it.
  case continuation(Range<Int>)
  case malformed(ConfigError.Syntax)

  /// Reads `range` of `bytes`, a line without its line feed.
  ///
  /// The AWS CLI skips a comment that is indented, other SDKs take it for a continuation; we skip it.
  init(_ range: Range<Int>, of bytes: Span<UInt8>) {
    let line = bytes.withoutCarriageReturn(range)
    let text = bytes.trimmed(line)
    if text.isEmpty || bytes[text.lowerBound].startsComment {
      self = .empty
    } else if bytes[line.lowerBound].isBlank {
      self = .continuation(text)
    } else if bytes[line.lowerBound] == UInt8(ascii: "[") {
      self.init(header: text, of: bytes)
    } else {
      self.init(property: bytes.withoutComment(text, where: .afterSpace), of: bytes)
    }
  }

  private init(header: Range<Int>, of bytes: Span<UInt8>) {
    let header = bytes.trimmed(bytes.withoutComment(header, where: .anywhere))
    guard header.count >= 2, bytes[header.upperBound - 1] == UInt8(ascii: "]") else {
      self = .malformed(.sectionNotClosed)
      return
    }
    self = .section(bytes.trimmed(header.lowerBound + 1..<header.upperBound - 1))
  }

  private init(property: Range<Int>, of bytes: Span<UInt8>) {
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "="), in: property) else {
      self = .malformed(.propertyWithoutEquals)
      return
    }
    let name = bytes.trimmed(property.lowerBound..<equals)
    let value = bytes.trimmed(equals + 1..<property.upperBound)
    self = name.isEmpty ? .malformed(.propertyWithoutName) : .property(name: name, value: value)
  }
}

extension Span<UInt8> {
  /// `line` without the carriage return of a Windows line end.
  func withoutCarriageReturn(_ line: Range<Int>) -> Range<Int> {
    guard !line.isEmpty, self[line.upperBound - 1] == .carriageReturn else { return line }
    return line.lowerBound..<line.upperBound - 1
  }
}
