/// A shared library that cannot be opened: it is not installed, or there is no memory or descriptor left for it.
package struct LibraryMissing: Error, Equatable, Sendable {
  package let file: String
  /// The Debian package that has it.
  package let package: String

  package init(_ file: String, package: String) {
    self.file = file
    self.package = package
  }
}
