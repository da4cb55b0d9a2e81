/// A line of a file, for messages.
package struct SourceLocation: Equatable, Sendable {
  package var file: String
  /// Counted from 1.
  package var line: Int

  package init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}
