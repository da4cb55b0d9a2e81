/// Names of sections and properties.
extension Span<UInt8> {
  /// Whether `range` is a name that AWS's SDKs read; they ignore what carries another.
  func isName(_ range: Range<Int>) -> Bool {
    for index in range where !self[index].isNameCharacter { return false }
    return !range.isEmpty
  }

  func equals(_ text: String, in range: Range<Int>) -> Bool {
    guard text.utf8.count == range.count else { return false }
    var index = range.lowerBound
    for byte in text.utf8 {
      guard self[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// Where the first NUL, or the first byte that is not UTF-8, stands.
  var firstOffsetOfOtherThanText: Int? {
    do {
      _ = try UTF8Span(validating: self)
      return firstIndex(of: 0, in: indices)
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}
