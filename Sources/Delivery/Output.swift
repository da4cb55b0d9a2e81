import Glibc
internal import POSIX
package import Secrets

/// A descriptor that everything is written to, or an error says why not.
///
/// SIGPIPE has to be ignored, as `ProcessState.takeOver` does, for a reader that went away to be an error.
package struct Output: Sendable {
  package static let standard = Output(descriptor: STDOUT_FILENO)
  package static let standardError = Output(descriptor: STDERR_FILENO)

  private let descriptor: Int32

  package init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Whether a person reads along.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Whether the reader takes something within this time, or there is an error, which the next write reports.
  package func isReady(within milliseconds: Int32) -> Bool {
    do throws(FileFailure) {
      return try FileDescriptor.wait(for: .writing, on: descriptor, until: .now + .milliseconds(milliseconds))
    } catch {
      return true
    }
  }

  package func write(_ document: borrowing SecretBytes) throws(DeliveryError) {
    try document.withBytes { (bytes) throws(DeliveryError) in try write(bytes) }
  }

  package func write(_ text: String) throws(DeliveryError) {
    try write(text.utf8.span)
  }

  package func write(_ bytes: borrowing Span<UInt8>) throws(DeliveryError) {
    if let error = failure(writing: bytes) { throw .outputFailed(errno: error) }
  }

  /// Writes what a person reads; if that fails, it is no reason to stop.
  package func show(_ text: String) { _ = failure(writing: text.utf8.span) }

  /// Writes everything; the errno of write(2) if that fails.
  package func failure(writing bytes: borrowing Span<UInt8>) -> Int32? {
    var written = 0
    while written < bytes.count {
      let rest = bytes.extracting(written...)
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        written += count
      } else if errno != EINTR, let error = failure(waitingAfter: errno) {
        return error
      }
    }
    return nil
  }

  /// Waits if a reader shares its end with a non-blocking writer; any other error is one.
  private func failure(waitingAfter error: Int32) -> Int32? {
    guard error == EAGAIN else { return error }
    do throws(FileFailure) {
      _ = try FileDescriptor.wait(for: .writing, on: descriptor)
      return nil
    } catch {
      return EAGAIN
    }
  }
}

// MARK: - New file

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
