internal import Foundation

/// A fresh folder for one test, private to us, removed with everything in it when its owner ends.
package final class ScratchFolder: Sendable {
  package let path: String

  package init() {
    var template = Array("/tmp/daypass-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("mkdtemp: \(errno)") }
    path = String(cString: made)
    LastWill.add(.folder(path))
  }

  deinit {
    // What cannot be removed now can be when its processes have ended.
    if (try? FileManager.default.removeItem(atPath: path)) != nil { LastWill.withdraw(.folder(path)) }
  }

  package func path(_ name: String) -> String { path + "/" + name }

  /// Makes a folder below this one, mode 0700, and gives its path.
  @discardableResult
  package func makeFolder(_ name: String) -> String {
    let made = mkdir(path(name), 0o700)
    precondition(made == 0 || errno == EEXIST, "cannot make \(path(name)): \(errno)")
    return path(name)
  }

  /// Writes or replaces a file below this folder and gives its path.
  @discardableResult
  package func write(_ text: String, to name: String, mode: Int = 0o600) -> String {
    let made = FileManager.default.createFile(
      atPath: path(name), contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    precondition(made, "cannot write \(path(name))")
    return path(name)
  }

  package func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  /// The names of what is in it, or in a folder below it, sorted.
  package func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
  }
}
