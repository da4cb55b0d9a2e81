/// Why the user's answer could not be had from the terminal.
package enum TerminalError: Error, Equatable {
  /// Ctrl-D on an empty line, or the terminal was closed.
  case endOfInput
  case timedOut
  /// The line was longer than `limit` bytes; none of it is kept.
  case lineTooLong(limit: Int)
  /// A signal that ends us arrived while we asked; the terminal is as it was.
  case interrupted(signal: Int32)
  case failed(errno: Int32)
}
