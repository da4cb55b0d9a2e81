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
  private static let depthLimit = 32
  private static let elementLimit = 100_000
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

  /// Begins an element; false if the document is too deep or has too many elements for it.
  package mutating func begin(_ name: String, as kind: Kind = .text) -> Bool {
    guard open.count < Self.depthLimit, elements.count < Self.elementLimit else { return false }
    if let parent = open.last { elements[parent].isLeaf = false }
    open.append(elements.count)
    elements.append(Element(name: name, kind: kind, text: text.count..<text.count))
    return true
  }

  /// Adds text to the element that has begun last.
  package mutating func append(_ bytes: borrowing Span<UInt8>) { text.append(bytes) }

  package mutating func append(_ bytes: borrowing SecretBytes) { text.append(bytes) }

  /// Ends the element that has begun last, and leaves out the bytes at both ends of its text for which `isSpace` is true.
  package mutating func end(trimming isSpace: (UInt8) -> Bool = { _ in false }) {
    guard let last = open.popLast() else { return }
    elements[last].end = elements.count
    elements[last].text = text.trimmedRange(of: elements[last].text.lowerBound..<text.count, where: isSpace)
  }

  /// The name of the root; nil if none has begun.
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
    var parser = JSONParser(json.clone())
    try parser.parse()
    self = parser.finish()
  }
}

// MARK: - Parser

private struct JSONParser: ~Copyable {
  private let text: SecretBytes
  private var document: SecretDocument
  private var position = 0

  init(_ text: consuming SecretBytes) {
    document = SecretDocument(size: text.count)
    self.text = text
  }

  mutating func parse() throws(JSONError) {
    try text.withBytes { bytes throws(JSONError) in
      do { _ = try UTF8Span(validating: copy bytes) } catch { throw .notWellFormed(offset: 0) }
    }
    skipSpace()
    try element("")
    guard position == text.count else { throw failure }
  }

  consuming func finish() -> SecretDocument { document }

  private var failure: JSONError { .notWellFormed(offset: position) }

  private mutating func element(_ name: String) throws(JSONError) {
    let kind = kind(next())
    guard document.begin(name, as: kind) else { throw .tooLarge }
    switch kind {
    case .object: try object()
    case .array: try array()
    case .text: document.append(try string())
    case .boolean:
      let word = next() == UInt8(ascii: "t") ? "true" : "false"
      document.append(text.clone(try literal(word)))
    case .null: _ = try literal("null")
    case .number: try number()
    }
    document.end()
    skipSpace()
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

  private mutating func object() throws(JSONError) {
    try members(until: "}") { parser throws(JSONError) in
      let name = try parser.string().revealed()
      parser.skipSpace()
      guard parser.take(":"), let name else { throw parser.failure }
      parser.skipSpace()
      try parser.element(name)
    }
  }

  private mutating func array() throws(JSONError) {
    try members(until: "]") { parser throws(JSONError) in
      try parser.element("member")
    }
  }

  /// What is between brackets, separated by commas.
  private mutating func members(
    until end: Unicode.Scalar, _ member: (inout JSONParser) throws(JSONError) -> Void
  ) throws(JSONError) {
    position += 1
    skipSpace()
    if take(end) { return }
    repeat {
      skipSpace()
      try member(&self)
    } while take(",")
    guard take(end) else { throw failure }
  }

  private mutating func literal(_ word: String) throws(JSONError) -> Range<Int> {
    let start = position
    for letter in word.unicodeScalars { guard take(letter) else { throw failure } }
    return start..<position
  }

  /// `-12.5e+3`.
  private mutating func number() throws(JSONError) {
    let start = position
    _ = take("-")
    let isZero = next() == UInt8(ascii: "0")
    let digits = takeDigits()
    guard digits == 1 || digits > 1 && !isZero else { throw failure }
    if take(".") { guard takeDigits() > 0 else { throw failure } }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      guard takeDigits() > 0 else { throw failure }
    }
    document.append(text.clone(start..<position))
  }

  private mutating func takeDigits() -> Int {
    let start = position
    while next()?.isDigit == true { position += 1 }
    return position - start
  }

  // MARK: Strings

  /// The string without quotes and escapes.
  private mutating func string() throws(JSONError) -> SecretBytes {
    guard take("\"") else { throw failure }
    var string = SecretBytes()
    while let byte = next(), byte >= 0x20 {
      if take("\"") { return string }
      if take("\\") {
        string.append(String(try escaped()))
      } else {
        string.append(byte)
        position += 1
      }
    }
    throw failure
  }

  private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
    guard let letter = next() else { throw failure }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try escapedScalar()
    default: throw failure
    }
  }

  /// The code point behind `\u`: four digits, or a surrogate pair.
  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard take("\\"), take("u") else { throw failure }
    let units = [first, try codeUnit()]
    guard let scalar = String(validating: units, as: UTF16.self)?.unicodeScalars.first else { throw failure }
    return scalar
  }

  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw failure }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  // MARK: Bytes

  private func next() -> UInt8? {
    position < text.count ? text.withBytes { $0[position] } : nil
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = next(), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
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
    do {
      var scalars = try UTF8Span(validating: copy text).makeUnicodeScalarIterator()
      append("\"")
      while let scalar = scalars.next() { appendJSON(scalar) }
      append("\"")
      return true
    } catch {
      return false
    }
  }

  private mutating func appendJSON(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"", "\\": append("\\\(scalar)")
    case "\0"..."\u{1f}": append((scalar.value < 16 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16))
    default: for byte in scalar.utf8 { append(byte) }
    }
  }
}
