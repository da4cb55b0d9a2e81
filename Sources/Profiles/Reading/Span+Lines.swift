import Glibc

/// The lines of a config file, as ranges of its bytes.
extension Span<UInt8> {
  /// Where the line that starts at `start` ends: its line feed, or the end of the file.
  func lineEnd(from start: Int) -> Int {
    firstIndex(of: .lineFeed, in: start..<count) ?? count
  }

  /// By memchr(3): a config file of 10 000 profiles has a million bytes.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    unsafe extracting(range).withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let found = unsafe memchr(start, Int32(byte), bytes.count) else {
        return nil
      }
      return unsafe range.lowerBound + (UnsafeRawPointer(found) - start)
    }
  }

  /// `range` without the white space at its ends; at its start where there is nothing else.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, self[end - 1].isBlank { end -= 1 }
    var start = range.lowerBound
    while start < end, self[start].isBlank { start += 1 }
    return start == end ? range.lowerBound..<range.lowerBound : start..<end
  }

  /// `range` up to the first `#` or `;` that stands where `comment` allows it.
  func withoutComment(_ range: Range<Int>, where comment: CommentPlace) -> Range<Int> {
    var index = range.lowerBound
    while index < range.upperBound {
      if self[index].startsComment, isComment(at: index, in: range, where: comment) {
        return range.lowerBound..<index
      }
      index += 1
    }
    return range
  }

  /// Whether `range` holds `text`, ASCII letters of either case counting as equal.
  func holds(_ text: String, in range: Range<Int>) -> Bool {
    guard text.utf8.count == range.count else { return false }
    var index = range.lowerBound
    for byte in text.utf8 {
      guard self[index].lowercased == byte.lowercased else { return false }
      index += 1
    }
    return true
  }

  private func isComment(at index: Int, in range: Range<Int>, where comment: CommentPlace) -> Bool {
    switch comment {
    case .anywhere: true
    case .afterSpace: index > range.lowerBound && self[index - 1].isBlank
    }
  }
}

/// Where a comment may start within a line.
enum CommentPlace {
  case anywhere, afterSpace
}
