import Foundation

/// A fresh folder for one test, private to us, removed with everything in it when its owner ends.
package final class ScratchFolder: Sendable {
  package let path: String

  package init() {
    var template = Array("/tmp/daypass-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("mkdtemp: \(errno)") }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Makes a folder below this one, mode 0700, and gives its path.
  package func folder(_ name: String) -> String {
    let folder = path + "/" + name
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return folder
  }

  /// Writes a file below this folder, mode 0600, and gives its path.
  @discardableResult
  package func file(_ name: String, _ contents: String) -> String {
    let file = path + "/" + name
    let made = FileManager.default.createFile(
      atPath: file, contents: Data(contents.utf8), attributes: [.posixPermissions: 0o600])
    precondition(made, "cannot write \(file)")
    return file
  }
}
