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
    var bytes = SecretBytes(capacity: limit + 1)
    while true {
      try file.waitForData()
      let count = bytes.append(from: file.number, atMost: limit + 1 - bytes.count)
      if count == 0 { return bytes }
      guard count > 0 else { throw .last }
      guard bytes.count <= limit else { throw .call(EFBIG) }
    }
  }
}
