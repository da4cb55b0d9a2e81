import Glibc

/// A socket that accepts connections into its backlog and never says a word.
package final class MuteListener {
  private let descriptor: Int32

  /// With room for `waiting` callers and one more.
  package init(path: String, waiting: Int32 = 128) throws {
    descriptor = LocalSocket.make()
    guard LocalSocket.with(path, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, waiting) == 0 else {
      throw SetupFailure("no listener at \(path)")
    }
  }

  deinit { close(descriptor) }
}
