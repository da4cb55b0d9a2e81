import Glibc
import Secrets

extension SecretBytes {
  /// What a key file may hold at most, in bytes.
  static let keyFileLimit = 64 * 1024

  /// Everything `descriptor` holds, straight into locked memory; `path` is for the error.
  init(readingFrom descriptor: Int32, path: String) throws(KeyInputError) {
    self.init(capacity: 4096)
    while true {
      let count = append(from: descriptor, atMost: 4096)
      if count == 0 { return }
      guard count > 0 else { throw .unreadable(path: path, errno: errno) }
      guard self.count <= Self.keyFileLimit else { throw .tooLarge(path: path, limit: Self.keyFileLimit) }
    }
  }

  /// The contents of the file at `path`.
  init(contentsOf path: String) throws(KeyInputError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
    defer { close(descriptor) }
    try self.init(readingFrom: descriptor, path: path)
  }
}
