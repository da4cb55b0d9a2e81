import CExpat

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
