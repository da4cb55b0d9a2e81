/// What an XML or JSON document says: a tree of named elements in document order, with all their text in one piece of
/// secret memory.
///
/// A member of a JSON object is an element with the member's name; the values of a JSON array are elements named
/// `member`, as AWS names those of its lists in XML.
package struct SecretDocument: ~Copyable, Sendable {
  private var elements: [Element]
  /// The elements that have begun and not ended, from the root.
  private var open: [Place]
  private var text: SecretBytes

  /// An element of a document, which knows where its text and its descendants are.
  private struct Element {
    let name: String
    let kind: Kind
    /// Whether it has no elements in it; only then its text is one piece.
    var isLeaf = true
    var text: Range<Int>
    /// The index of the first element after it and all its descendants.
    var end = 0
  }

  /// What a value of a JSON document is; all elements of an XML document are `text`.
  package enum Kind: Sendable { case text, number, boolean, null, object, array }

  package typealias Place = Int

  package static let root: Place = 0
  package static let depthLimit = 32
  package static let elementLimit = 100_000

  package enum LimitExceeded: Error { case depth, elements }
}

// MARK: - Reading

extension SecretDocument {
  package func name(of place: Place) -> String { elements[place].name }

  package func kind(of place: Place) -> Kind { elements[place].kind }

  /// The elements right inside `parent`, in their order.
  package func children(of parent: Place) -> [Place] {
    var children: [Place] = []
    var next = parent + 1
    while next < elements[parent].end {
      children.append(next)
      next = elements[next].end
    }
    return children
  }

  /// All elements that the names in `path`, separated by `/`, lead to from `place`.
  package func elements(at path: String, in place: Place = root) -> [Place] {
    path.split(separator: "/").reduce([place]) { places, name in
      places.flatMap { children(of: $0).filter { elements[$0].name == name } }
    }
  }

  /// The element's text; empty if it has elements in it.
  package func text(at place: Place) -> String {
    text.withBytes { bytes in String(decoding: textRange(of: place).map { bytes[$0] }, as: UTF8.self) }
  }

  /// The text of the first element at `path`; nil if there is none.
  package func text(at path: String, in place: Place = root) -> String? {
    elements(at: path, in: place).first.map { text(at: $0) }
  }

  /// The element's text as a secret, which never was a `String`.
  package func secret(at place: Place) -> SecretBytes { text.clone(textRange(of: place)) }

  private func textRange(of place: Place) -> Range<Int> {
    let element = elements[place]
    return element.isLeaf ? element.text : element.text.lowerBound..<element.text.lowerBound
  }
}

// MARK: - Building

extension SecretDocument {
  /// An empty document with room for the text of one of `size` bytes.
  package init(size: Int) {
    (elements, open) = ([], [])
    text = SecretBytes(capacity: size)
  }

  package mutating func begin(_ name: String, as kind: Kind = .text) throws(LimitExceeded) {
    guard open.count < Self.depthLimit else { throw .depth }
    guard elements.count < Self.elementLimit else { throw .elements }
    if let parent = open.last { elements[parent].isLeaf = false }
    open.append(elements.count)
    elements.append(Element(name: name, kind: kind, text: text.count..<text.count))
  }

  /// Adds text to the element that has begun last.
  package mutating func append(_ bytes: borrowing Span<UInt8>) { text.append(bytes) }

  package mutating func append(_ bytes: borrowing SecretBytes) { text.append(bytes) }

  /// Ends the element that has begun last; white space at both ends of its text is left out, if it is so in its format.
  package mutating func end(trimming isSpace: (UInt8) -> Bool = { _ in false }) {
    guard let last = open.popLast() else { return }
    elements[last].end = elements.count
    elements[last].text = text.trimmedRange(of: elements[last].text.lowerBound..<text.count, where: isSpace)
  }

  /// The name of the root, as far as one has begun.
  package var rootName: String? { elements.first?.name }
}

// MARK: - JSON

/// Why bytes are not a JSON document that we read.
package enum JSONError: Error, Equatable {
  /// What is wrong begins at this byte.
  case notWellFormed(offset: Int)
  case tooLarge
}

extension SecretDocument {
  /// Reads a JSON document in UTF-8 (RFC 8259). Numbers, `true` and `false` are the text of their elements; an element
  /// that is `null`, or an empty object or array, has no text.
  package init(json: borrowing SecretBytes) throws(JSONError) {
    self = try json.withBytes { bytes throws(JSONError) in
      var parser = JSONParser(size: bytes.count)
      try parser.parse(bytes)
      return parser.finish()
    }
  }
}

// MARK: - Parser

/// Reads from the front of a text, which each of its functions is given anew.
private struct JSONParser: ~Copyable {
  private var document: SecretDocument
  private var position = 0

  init(size: Int) { document = SecretDocument(size: size) }

  mutating func parse(_ text: borrowing Span<UInt8>) throws(JSONError) {
    do { _ = try UTF8Span(validating: copy text) } catch { throw .notWellFormed(offset: 0) }
    skipSpace(text)
    try element("", text)
    guard position == text.count else { throw failure }
  }

  consuming func finish() -> SecretDocument { document }

  private var failure: JSONError { .notWellFormed(offset: position) }

  private mutating func element(_ name: String, _ text: borrowing Span<UInt8>) throws(JSONError) {
    let kind = kind(next(text))
    do { try document.begin(name, as: kind) } catch { throw .tooLarge }
    switch kind {
    case .object: try object(text)
    case .array: try array(text)
    case .text: document.append(try string(text))
    case .boolean:
      let word = next(text) == UInt8(ascii: "t") ? "true" : "false"
      document.append(text.extracting(try literal(word, text)))
    case .null: _ = try literal("null", text)
    case .number: try number(text)
    }
    document.end()
    skipSpace(text)
  }

  /// What begins with this byte, if it is well-formed.
  private func kind(_ first: UInt8?) -> SecretDocument.Kind {
    switch first {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .text
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
    case UInt8(ascii: "n"): .null
    case .some, nil: .number
    }
  }

  private mutating func object(_ text: borrowing Span<UInt8>) throws(JSONError) {
    try members(text, until: UInt8(ascii: "}")) { (parser, text) throws(JSONError) in
      let name = try parser.string(text).revealed()
      parser.skipSpace(text)
      guard parser.take(UInt8(ascii: ":"), text), let name else { throw parser.failure }
      parser.skipSpace(text)
      try parser.element(name, text)
    }
  }

  private mutating func array(_ text: borrowing Span<UInt8>) throws(JSONError) {
    try members(text, until: UInt8(ascii: "]")) { (parser, text) throws(JSONError) in
      try parser.element("member", text)
    }
  }

  /// What stands between brackets, separated by commas.
  private mutating func members(
    _ text: borrowing Span<UInt8>, until end: UInt8,
    _ member: (inout JSONParser, borrowing Span<UInt8>) throws(JSONError) -> Void
  ) throws(JSONError) {
    position += 1
    skipSpace(text)
    if take(end, text) { return }
    repeat {
      skipSpace(text)
      try member(&self, text)
    } while take(UInt8(ascii: ","), text)
    guard take(end, text) else { throw failure }
  }

  private mutating func literal(_ word: String, _ text: borrowing Span<UInt8>) throws(JSONError) -> Range<Int> {
    let start = position
    for byte in word.utf8 { guard take(byte, text) else { throw failure } }
    return start..<position
  }

  /// `-12.5e+3`.
  private mutating func number(_ text: borrowing Span<UInt8>) throws(JSONError) {
    let start = position
    _ = take(UInt8(ascii: "-"), text)
    let isZero = next(text) == UInt8(ascii: "0")
    guard takeDigits(text) == 1 || !isZero else { throw failure }
    guard position > start, next(text, at: position - 1)?.isDigit == true else { throw failure }
    if take(UInt8(ascii: "."), text) { guard takeDigits(text) > 0 else { throw failure } }
    if take(UInt8(ascii: "e"), text) || take(UInt8(ascii: "E"), text) {
      _ = take(UInt8(ascii: "+"), text) || take(UInt8(ascii: "-"), text)
      guard takeDigits(text) > 0 else { throw failure }
    }
    document.append(text.extracting(start..<position))
  }

  private mutating func takeDigits(_ text: borrowing Span<UInt8>) -> Int {
    let start = position
    while next(text)?.isDigit == true { position += 1 }
    return position - start
  }

  // MARK: Strings

  /// The string without quotes and escapes.
  private mutating func string(_ text: borrowing Span<UInt8>) throws(JSONError) -> SecretBytes {
    guard take(UInt8(ascii: "\""), text) else { throw failure }
    var string = SecretBytes()
    while let byte = next(text), byte >= 0x20 {
      if take(UInt8(ascii: "\""), text) { return string }
      if take(UInt8(ascii: "\\"), text) {
        string.append(String(try escaped(text)))
      } else {
        string.append(byte)
        position += 1
      }
    }
    throw failure
  }

  private mutating func escaped(_ text: borrowing Span<UInt8>) throws(JSONError) -> Unicode.Scalar {
    guard let letter = next(text) else { throw failure }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try escapedScalar(text)
    default: throw failure
    }
  }

  /// The code point behind `\u`: four digits, or a surrogate pair.
  private mutating func escapedScalar(_ text: borrowing Span<UInt8>) throws(JSONError) -> Unicode.Scalar {
    let first = try codeUnit(text)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard take(UInt8(ascii: "\\"), text), take(UInt8(ascii: "u"), text) else { throw failure }
    let units = [first, try codeUnit(text)]
    guard let scalar = String(validating: units, as: UTF16.self)?.unicodeScalars.first else { throw failure }
    return scalar
  }

  private mutating func codeUnit(_ text: borrowing Span<UInt8>) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next(text), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw failure }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  // MARK: Bytes

  private func next(_ text: borrowing Span<UInt8>) -> UInt8? { next(text, at: position) }

  private func next(_ text: borrowing Span<UInt8>, at position: Int) -> UInt8? {
    position < text.count ? text[position] : nil
  }

  private mutating func take(_ byte: UInt8, _ text: borrowing Span<UInt8>) -> Bool {
    guard next(text) == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace(_ text: borrowing Span<UInt8>) {
    while let byte = next(text), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}

// MARK: - Writing

extension String {
  /// The text as a JSON string.
  package var jsonString: String {
    var string = SecretBytes()
    _ = string.appendJSONString(utf8.span)
    return string.revealed() ?? ""
  }
}

extension SecretBytes {
  /// Adds `text` as a JSON string (RFC 8259, 7); false, with nothing added, if it is not UTF-8.
  package mutating func appendJSONString(_ text: borrowing Span<UInt8>) -> Bool {
    var string = SecretBytes(capacity: text.count + 2)
    string.append("\"")
    do {
      var scalars = try UTF8Span(validating: copy text).makeUnicodeScalarIterator()
      while let scalar = scalars.next() { string.appendJSON(scalar) }
    } catch {
      return false
    }
    string.append("\"")
    append(string)
    return true
  }

  private mutating func appendJSON(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"", "\\": append("\\\(scalar)")
    case "\0"..."\u{1f}": append((scalar.value < 16 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16))
    default: for byte in scalar.utf8 { append(byte) }
    }
  }
}
