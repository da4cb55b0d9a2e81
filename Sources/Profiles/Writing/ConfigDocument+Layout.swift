/// How a document is laid out, so that what is added looks like what is there.
extension ConfigDocument {
  /// The file's own: that of its first line.
  var lineBreak: String {
    let end = bytes.span.lineEnd(from: 0)
    return end < bytes.count && end > 0 && bytes[end - 1] == .carriageReturn ? "\r\n" : "\n"
  }

  /// Ends the last line where it has no end, and leaves a line empty where there is none.
  var gapBeforeNewSection: String {
    guard let last = bytes.last else { return "" }
    // A carriage return at the very end belongs to the line break that is missing, and would else belong to a value.
    guard last != .carriageReturn else { return "\n" + lineBreak }
    guard last == .lineFeed else { return lineBreak + lineBreak }
    let lastLine = bytes.dropLast().reversed().prefix { $0 != .lineFeed }
    return lastLine.allSatisfy { $0.isBlank || $0 == .carriageReturn } ? "" : lineBreak
  }

  /// Where the last property of `section`, or else its header, ends, without the line's end.
  func end(of section: ConfigSection) -> Int {
    let last = section.properties.last.map { properties[$0].value.upperBound }
    let end = bytes.span.lineEnd(from: last ?? section.headerEnd)
    return bytes.span.withoutCarriageReturn(section.name.upperBound..<end).upperBound
  }

  /// Whether a value put in the place of `value` needs a space, because the `=` has one on its other side only.
  func needsSpace(before value: Range<Int>) -> Bool {
    bytes[value.lowerBound - 1] == UInt8(ascii: "=") && bytes[value.lowerBound - 2].isBlank
  }
}
