import CExpat

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
