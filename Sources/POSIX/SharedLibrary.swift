/// The functions of a shared library that is opened when the first of them is called.
@safe
package struct SharedLibrary<Functions>: @unchecked Sendable {
  package let functions: UnsafePointer<Functions>

  /// - Parameters:
  ///   - functions: nil if the library cannot be opened.
  ///   - missing: what it is then.
  package static func opened(
    _ functions: UnsafePointer<Functions>?, else missing: LibraryMissing
  ) -> Result<SharedLibrary, LibraryMissing> {
    guard let functions = unsafe functions else { return .failure(missing) }
    return unsafe .success(SharedLibrary(functions: functions))
  }
}

/// A shared library that cannot be opened: it is not installed, or there is no memory or descriptor left for it.
package struct LibraryMissing: Error, Equatable, Codable, Sendable {
  package let file: String
  /// The Debian package that has it.
  package let package: String

  package init(_ file: String, package: String) {
    self.file = file
    self.package = package
  }
}
