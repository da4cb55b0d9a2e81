import Glibc

/// A connection to a socket, which says nothing.
package final class SocketCaller {
  private let descriptor: Int32

  package init(of path: String) throws {
    descriptor = LocalSocket.make()
    guard LocalSocket.with(path, { connect(descriptor, $0, $1) }) == 0 else {
      throw SetupFailure("nobody listens at \(path)")
    }
  }

  deinit { close(descriptor) }
}
