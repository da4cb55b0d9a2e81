import Glibc
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

  /// Whether the reader takes something within this time, or an error waits to be told.
  package func isReady(within milliseconds: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    while true {
      let count = unsafe poll(&state, 1, milliseconds)
      if count >= 0 || errno != EINTR { return count != 0 }
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

  /// Writes everything; the errno of write(2) when that fails, for callers to whom this is no reason to stop.
  package func failure(writing bytes: borrowing Span<UInt8>) -> Int32? {
    var written = 0
    while written < bytes.count {
      let rest = bytes.extracting(written...)
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 { written += count } else if let error = unrecoverable(errno) { return error }
    }
    return nil
  }

  /// nil when the call can be made again; waits first where a reader shares its end with a non-blocking writer.
  private func unrecoverable(_ error: Int32) -> Int32? {
    switch error {
    case EINTR: return nil
    case EAGAIN:
      var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      return unsafe poll(&state, 1, -1) < 0 && errno != EINTR ? errno : nil
    default: return error
    }
  }
}
