internal import CExpat
internal import POSIX
internal import Secrets

extension SecretDocument {
  /// Reads an XML document in UTF-8, with or without a byte order mark; a document type declaration is refused.
  ///
  /// Names lose their namespace, and text the white space at both ends. Attributes, comments and processing instructions
  /// are left out.
  init(xml bytes: borrowing SecretBytes) throws(XMLError) {
    guard let parser = unsafe ExpatParser(try libexpat.get().functions) else { throw .tooLarge }
    var builder = XMLBuilder(size: bytes.count)
    guard bytes.withBytes({ parser.parse($0, into: &builder) }) else {
      throw builder.refusal ?? .notWellFormed(root: builder.document.rootName)
    }
    self = builder.document
  }
}

/// Why bytes are not an XML document that we read.
enum XMLError: Error, Equatable {
  /// With the name of the root element, if the reader came that far.
  case notWellFormed(root: String?)
  /// For our limits, or for the memory that is left.
  case tooLarge
  case libraryMissing(LibraryMissing)
}

// MARK: - Builder

/// Collects what the parser meets, and stops it if the document is refused.
struct XMLBuilder: ~Copyable {
  fileprivate(set) var document: SecretDocument
  private(set) var refusal: XMLError?
  /// Stops the parser that feeds this builder.
  fileprivate var stop: (() -> Void)?

  init(size: Int) {
    document = SecretDocument(size: size)
  }

  fileprivate mutating func refuse(_ error: XMLError) {
    refusal = refusal ?? error
    stop?()
  }

  @unsafe
  fileprivate mutating func startElement(_ qualifiedName: UnsafePointer<CChar>?) {
    guard refusal == nil, let name = unsafe qualifiedName else { return }
    let text = unsafe String(cString: name)
    if !document.begin(text.split(separator: ":").last.map(String.init) ?? text) { refuse(.tooLarge) }
  }

  fileprivate mutating func endElement() {
    guard refusal == nil else { return }
    // White space by the XML specification: space, tab, line feed, carriage return.
    document.end { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
  }

  fileprivate mutating func append(_ bytes: borrowing Span<UInt8>) {
    guard refusal == nil else { return }
    document.append(bytes)
  }
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

  /// Reads `bytes`, a whole document, into `builder`; false if the parser or the builder refused it.
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
      { builder, name, _ in unsafe ExpatParser.builder(builder)?.pointee.startElement(name) },
      { builder, _ in unsafe ExpatParser.builder(builder)?.pointee.endElement() })
    unsafe functions.pointee.XML_SetCharacterDataHandler(parser) { builder, start, count in
      let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(count))
      unsafe ExpatParser.builder(builder)?.pointee.append(bytes.bindMemory(to: UInt8.self).span)
    }
    // A document type declaration could declare entities.
    unsafe functions.pointee.XML_SetStartDoctypeDeclHandler(parser) { builder, _, _, _, _ in
      unsafe ExpatParser.builder(builder)?.pointee.refuse(.notWellFormed(root: nil))
    }
  }

  private static func builder(_ data: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLBuilder>? {
    unsafe data?.assumingMemoryBound(to: XMLBuilder.self)
  }
}

// MARK: - Libexpat

private typealias Libexpat = SharedLibrary<libexpat_functions>

private let libexpat = unsafe Libexpat.opened(
  libexpat_load(), else: LibraryMissing("libexpat.so.1", package: "libexpat1")
).mapError(XMLError.libraryMissing)
