extension Span where Element == UInt8 {
  /// Why these bytes may not become an environment variable or a shell word; nil when they may.
  ///
  /// A control character (Unicode Cc: NUL, line breaks, escape sequences) has no place in an AWS credential, and is how
  /// values break out of line-oriented formats.
  func valueProblem() -> DeliveryError.ValueProblem? {
    guard !isEmpty else { return .empty }
    var hasControl = false
    let isText = forEachScalar { hasControl = hasControl || $0.properties.generalCategory == .control }
    guard isText else { return .notUTF8 }
    return hasControl ? .controlCharacter : nil
  }

  /// Calls `body` with each character's code point; false, without a call, when the bytes are not UTF-8.
  func forEachScalar(_ body: (Unicode.Scalar) -> Void) -> Bool {
    do {
      let text = try UTF8Span(validating: self)
      var scalars = text.makeUnicodeScalarIterator()
      while let scalar = scalars.next() { body(scalar) }
      return true
    } catch {
      return false
    }
  }
}
