import Glibc
import TestSupport
import Testing

@testable import POSIX

/// Whose process is at the other end of a connection.
struct LoopbackListenerTests {
  @Test func `a connection of ours is`() throws {
    let listener = try LoopbackListener(backlog: 1)
    var client: RawClient? = RawClient(port: Int(listener.port))
    _ = try FileDescriptor.wait(for: .reading, on: listener.socket.number, until: .now + .seconds(30))
    guard let connection = FileDescriptor(accept(listener.socket.number, nil, nil)) else {
      throw SetupFailure("accept: \(errno)")
    }
    let isOurs = connection.client == .ours
    #expect(isOurs)
    // The kernel says of an end that nobody has any more that it is root's.
    withExtendedLifetime(client) {}
    client = nil
    _ = try FileDescriptor.wait(for: .reading, on: connection.number, until: .now + .seconds(30))
    let isForeign = connection.client == .foreign
    #expect(isForeign)
  }

  /// The address of a page that is as good as credentials is given to nobody else.
  @Test func `a connection of which the kernel does not tell is not`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { close(ends[1]) }
    guard let connection = FileDescriptor(ends[0]) else { throw SetupFailure("socketpair: \(errno)") }
    let isOurs = connection.client == .ours
    #expect(!isOurs)
  }
}
