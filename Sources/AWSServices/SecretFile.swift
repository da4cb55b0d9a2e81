internal import Glibc
package import POSIX
package import Secrets

extension SecretBytes {
  /// What the file, or the pipe, at `path` holds, straight into locked memory. A pipe has to give all of it within
  /// `timeout`.
  ///
  /// - Throws: also `ENOENT`, and `EFBIG` beyond `limit` bytes.
  package static func contents(
    ofFile path: String, limit: Int, timeout: Duration = .seconds(5)
  ) throws(FileFailure) -> SecretBytes {
    guard let file = try InputFile.open(path, timeout: timeout) else { throw .call(ENOENT) }
    return try contents(of: file.number, limit: limit) { () throws(FileFailure) in try file.waitForData() }
  }

  /// The same of an open file, up to its end; each read(2) comes after `wait`.
  package static func contents(
    of descriptor: Int32, limit: Int, wait: () throws(FileFailure) -> Void = {}
  ) throws(FileFailure) -> SecretBytes {
    var bytes = SecretBytes(capacity: 4_096)
    while true {
      try wait()
      let count = bytes.append(from: descriptor, atMost: min(4_096, limit + 1 - bytes.count))
      if count == 0 { return bytes }
      guard count > 0 else { throw .last }
      guard bytes.count <= limit else { throw .call(EFBIG) }
    }
  }
}
