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
