import Glibc
import TestSupport
import Testing

@testable import POSIX

/// Whose process is at the other end of a connection.
struct LoopbackListenerTests {
  @Test func `a connection of ours is`() throws {
    let listener = try LoopbackListener(backlog: 1)
    let client = RawClient(port: Int(listener.port))
    _ = try FileDescriptor.wait(for: .reading, on: listener.socket.number, until: .now + .seconds(30))
    guard let connection = FileDescriptor(accept(listener.socket.number, nil, nil)) else {
      throw SetupFailure("accept: \(errno)")
    }
    let isOurs = connection.isOfOurUser
    #expect(isOurs)
    withExtendedLifetime(client) {}
  }

  /// The address of a page that is as good as credentials is given to nobody else.
  @Test func `a connection of which the kernel does not tell is not`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { close(ends[1]) }
    guard let connection = FileDescriptor(ends[0]) else { throw SetupFailure("socketpair: \(errno)") }
    let isOurs = connection.isOfOurUser
    #expect(!isOurs)
  }
}
