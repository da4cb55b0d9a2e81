import Glibc
package import Secrets

/// A file that was not there before, for the user alone; a file or link of its name is left as it is.
///
/// It gets its name at once, rather than when it is full: a crash must not leave a secret under a name nobody knows.
package struct NewFile: ~Copyable {
  private let path: String
  private let device: dev_t
  private let node: ino_t

  /// Makes the file, mode 0600, and writes `bytes`; on failure there is no file.
  /// - Throws: `fileExists`, `fileFailed`.
  package init(_ path: String, holding bytes: borrowing SecretBytes) throws(DeliveryError) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST ? .fileExists(path: path) : .fileFailed(path: path, errno: errno)
    }
    var status = stat()
    let failure = bytes.withBytes { Output(descriptor: descriptor).failure(writing: $0) }
    let isKnown = unsafe fstat(descriptor, &status) == 0
    // Some file systems tell only now that there was no room.
    guard close(descriptor) == 0, isKnown, failure == nil else {
      let error = failure ?? errno
      _ = unsafe unlink(path)
      throw .fileFailed(path: path, errno: error)
    }
    self.path = path
    device = status.st_dev
    node = status.st_ino
  }

  /// Removes it, unless something else has its name by now.
  /// - Throws: `fileFailed`.
  package consuming func remove() throws(DeliveryError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_dev == device, status.st_ino == node else { return }
    guard unsafe unlink(path) == 0 else { throw .fileFailed(path: path, errno: errno) }
  }
}
