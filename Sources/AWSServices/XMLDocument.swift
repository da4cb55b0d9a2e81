import CExpat
internal import Secrets

/// A parsed document: a flat list of elements in document order, and all their text in one piece of secret memory.
///
/// Names are compared without their namespace. Attributes, comments and processing instructions are left out.
struct XMLDocument: ~Copyable, Sendable {
  private let elements: [XMLElement]
  private let text: SecretBytes

  /// The place of an element in its document.
  typealias Place = Int

  init(elements: [XMLElement], text: consuming SecretBytes) {
    self.elements = elements
    self.text = text
  }

  /// Reads UTF-8, with or without a byte order mark; a document type declaration is refused.
  init(_ bytes: borrowing SecretBytes) throws(XMLError) {
    let library = try Libexpat.open()
    var builder = XMLBuilder(size: bytes.count)
    try bytes.withBytes { bytes throws(XMLError) in try library.parse(bytes, into: &builder) }
    self = builder.finish()
  }

  static let root: Place = 0

  func name(of place: Place) -> String { elements[place].name }

  /// The elements right inside `parent`, in their order.
  func children(of parent: Place) -> [Place] {
    var children: [Place] = []
    var next = parent + 1
    while next < elements[parent].end {
      children.append(next)
      next = elements[next].end
    }
    return children
  }

  /// All elements reached from `place` by the names in `path`.
  func elements(at path: [Substring], in place: Place) -> [Place] {
    path.reduce([place]) { places, name in
      places.flatMap { children(of: $0).filter { elements[$0].name == name } }
    }
  }

  /// The element's text without outer white space; empty where it has elements in it.
  func text(at place: Place) -> String {
    let range = trimmedText(of: elements[place])
    return text.withBytes { bytes in String(decoding: range.map { bytes[$0] }, as: UTF8.self) }
  }

  /// The same as a secret, which never was a `String`.
  func secret(at place: Place) -> SecretBytes {
    text.clone(trimmedText(of: elements[place]))
  }

  private func trimmedText(of element: XMLElement) -> Range<Int> {
    guard element.isLeaf else { return element.textStart..<element.textStart }
    return text.withBytes { bytes in
      var (start, end) = (element.textStart, element.textEnd)
      while start < end, bytes[start].isXMLSpace { start += 1 }
      while end > start, bytes[end - 1].isXMLSpace { end -= 1 }
      return start..<end
    }
  }
}

extension UInt8 {
  /// White space by the XML specification: space, tab, line feed, carriage return.
  fileprivate var isXMLSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }
}

// MARK: - Expat parser

/// One parser of Expat, freed with its owner.
@safe
struct ExpatParser: ~Copyable {
  private let functions: UnsafePointer<libexpat_functions>
  private let parser: XML_Parser

  @unsafe
  init?(_ functions: UnsafePointer<libexpat_functions>) {
    guard let parser = unsafe libexpat_parser(functions) else { return nil }
    unsafe self.functions = functions
    unsafe self.parser = parser
  }

  deinit {
    unsafe functions.pointee.XML_ParserFree(parser)
  }

  /// The line the parser stands in, from 1.
  var line: Int { unsafe Int(functions.pointee.XML_GetCurrentLineNumber(parser)) }

  /// Reads `bytes`, a whole document, into `builder`; false where the parser or the builder refused it.
  func parse(_ bytes: borrowing Span<UInt8>, into builder: inout XMLBuilder) -> Bool {
    guard let count = Int32(exactly: bytes.count) else { return false }
    setHandlers()
    builder.stop = { [functions = unsafe functions, parser = unsafe parser] in
      _ = unsafe functions.pointee.XML_StopParser(parser, 0)
    }
    defer { builder.stop = nil }
    let status = unsafe withUnsafeMutablePointer(to: &builder) { builder in
      unsafe functions.pointee.XML_SetUserData(parser, builder)
      return unsafe bytes.withUnsafeBytes { bytes in
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        return unsafe functions.pointee.XML_Parse(parser, start, count, 1)
      }
    }
    return status == XML_STATUS_OK && builder.refusal == nil
  }

  private func setHandlers() {
    unsafe functions.pointee.XML_SetElementHandler(
      parser,
      { builder, name, _ in unsafe ExpatParser.builder(builder)?.pointee.startElement(named: name) },
      { builder, _ in unsafe ExpatParser.builder(builder)?.pointee.endElement() })
    unsafe functions.pointee.XML_SetCharacterDataHandler(parser) { builder, start, count in
      let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(count))
      unsafe ExpatParser.builder(builder)?.pointee.append(bytes.bindMemory(to: UInt8.self).span)
    }
    unsafe functions.pointee.XML_SetStartDoctypeDeclHandler(parser) { builder, _, _, _, _ in
      unsafe ExpatParser.builder(builder)?.pointee.refuse(.documentType)
    }
  }

  private static func builder(_ data: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLBuilder>? {
    unsafe data?.assumingMemoryBound(to: XMLBuilder.self)
  }
}

// MARK: - Libexpat

/// Expat, opened on first use.
@safe
struct Libexpat: @unchecked Sendable {
  private static let opened = Libexpat()
  private let functions: UnsafePointer<libexpat_functions>

  private init?() {
    guard let functions = unsafe libexpat_load() else { return nil }
    unsafe self.functions = functions
  }

  static func open() throws(XMLError) -> Libexpat {
    guard let opened else { throw .libraryMissing("libexpat.so.1", package: "libexpat1") }
    return opened
  }

  /// Reads `bytes`, a whole document, into `builder`.
  func parse(_ bytes: borrowing Span<UInt8>, into builder: inout XMLBuilder) throws(XMLError) {
    guard let parser = unsafe ExpatParser(functions) else { throw .outOfMemory }
    guard parser.parse(bytes, into: &builder) else {
      throw builder.refusal ?? .notWellFormed(root: builder.root, line: parser.line)
    }
  }
}

// MARK: - XML builder

/// Collects what the parser meets, and stops it where the document is refused.
struct XMLBuilder: ~Copyable {
  private(set) var refusal: XMLError?
  /// Stops the parser that feeds this builder.
  var stop: (() -> Void)?
  private var elements: [XMLElement] = []
  /// The elements the parser is inside of, from the root.
  private var open: [Int] = []
  private var text: SecretBytes

  static let depthLimit = 32
  static let elementLimit = 100_000

  /// Room for the text of a document of `size` bytes.
  init(size: Int) {
    text = SecretBytes(capacity: size)
  }

  var root: String? { elements.first?.name }

  mutating func refuse(_ error: XMLError) {
    refusal = refusal ?? error
    stop?()
  }

  @unsafe
  mutating func startElement(named name: UnsafePointer<CChar>?) {
    guard refusal == nil, let name = unsafe name else { return }
    guard open.count < XMLBuilder.depthLimit else { return refuse(.tooDeep(limit: XMLBuilder.depthLimit)) }
    guard elements.count < XMLBuilder.elementLimit else {
      return refuse(.tooManyElements(limit: XMLBuilder.elementLimit))
    }
    if let parent = open.last { elements[parent].isLeaf = false }
    open.append(elements.count)
    elements.append(XMLElement(qualifiedName: unsafe String(cString: name), textStart: text.count))
  }

  mutating func endElement() {
    guard refusal == nil, let last = open.popLast() else { return }
    elements[last].textEnd = text.count
    elements[last].end = elements.count
  }

  mutating func append(_ bytes: borrowing Span<UInt8>) {
    guard refusal == nil else { return }
    text.append(bytes)
  }

  consuming func finish() -> XMLDocument {
    XMLDocument(elements: elements, text: text)
  }
}

extension XMLDocument {
  /// The text of the first element at `path`, names separated by `/`; nil where there is none.
  func text(at path: String, in place: Place = root) -> String? {
    elements(at: path.split(separator: "/"), in: place).first.map { text(at: $0) }
  }
}

// MARK: - XML element

/// One element of a document: its name without namespace, and where its text and its descendants are.
struct XMLElement: Equatable, Sendable {
  let name: String
  /// Whether it has no elements in it; only then its text is one piece.
  var isLeaf = true
  let textStart: Int
  var textEnd: Int
  /// The index of the first element after it and all its descendants.
  var end = 0

  init(qualifiedName: String, textStart: Int) {
    self.name = qualifiedName.split(separator: ":").last.map(String.init) ?? qualifiedName
    self.textStart = textStart
    self.textEnd = textStart
  }
}

/// Why bytes are no document we read.
enum XMLError: Error, Equatable {
  /// With the name of the root element, where the reader came that far.
  case notWellFormed(root: String?, line: Int)
  /// A document type declaration, which could declare entities.
  case documentType
  case tooDeep(limit: Int)
  case tooManyElements(limit: Int)
  case libraryMissing(String, package: String)
  case outOfMemory
}
