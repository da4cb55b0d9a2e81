import Glibc

/// An empty folder, removed with what is in it when its owner ends.
package struct ScratchFolder: ~Copyable {
  package let path: String

  package init() throws {
    var template = Array("/tmp/daypass-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw LaunchError(path: "/tmp", errno: errno) }
    path = text(template)
  }

  deinit {
    for name in names where unlink(path + "/" + name) != 0 { rmdir(path + "/" + name) }
    rmdir(path)
  }

  /// The names of what is in the folder, sorted.
  package var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { String(decodingCString: $0, as: UTF8.self) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes a file and gives back its path.
  @discardableResult
  package func write(_ text: String, to name: String, mode: mode_t = 0o600) throws -> String {
    let file = path + "/" + name
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw LaunchError(path: file, errno: errno) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fchmod(descriptor, mode) == 0 else {
      throw LaunchError(path: file, errno: errno)
    }
    return file
  }

  package func makeFolder(_ name: String) -> String {
    mkdir(path + "/" + name, 0o700)
    return path + "/" + name
  }
}
