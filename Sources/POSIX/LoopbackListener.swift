internal import CLinux
import Glibc

/// A socket that listens on a port of 127.0.0.1 which the kernel chose, for this process alone.
package struct LoopbackListener: ~Copyable {
  package let socket: FileDescriptor
  package let port: UInt16

  /// - Parameter backlog: how many connections wait to be accepted.
  package init(backlog: Int32) throws(FileFailure) {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    guard let socket = FileDescriptor(Glibc.socket(AF_INET, kind, 0)) else { throw .last }
    port = try Self.listen(socket.number, backlog)
    self.socket = socket
  }

  /// Gives up the socket to the caller, who closes it.
  package consuming func release() -> Int32 { socket.release() }

  private static func listen(_ descriptor: Int32, _ backlog: Int32) throws(FileFailure) -> UInt16 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = unsafe withUnsafeMutablePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(descriptor, address, length) == 0 && Glibc.listen(descriptor, backlog) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isListening else { throw .last }
    return UInt16(bigEndian: address.sin_port)
  }
}

// MARK: - Client

/// Who is at the other end of a connection that came to us over loopback.
package enum LoopbackClient {
  /// A process of our user, or of root.
  case ours
  /// Another user's, or one that has closed its end.
  case foreign
  /// The kernel tells of no connection (sock_diag(7)).
  case unknown
}

extension FileDescriptor {
  package var client: LoopbackClient {
    guard let client = unsafe tcpEnd(getpeername), let server = unsafe tcpEnd(getsockname) else { return .unknown }
    var user = uid_t()
    if unsafe linux_tcp_client_user(client, server, &user) == 0 {
      return [0, geteuid()].contains(user) ? .ours : .foreign
    }
    // Our own end is there for sure.
    return unsafe linux_tcp_client_user(server, client, &user) == 0 ? .foreign : .unknown
  }

  private func tcpEnd(
    _ ask: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32
  ) -> linux_tcp_end? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isKnown = unsafe withUnsafeMutablePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe ask(number, $0, &length) == 0 }
    }
    return isKnown ? linux_tcp_end(address: address.sin_addr.s_addr, port: address.sin_port) : nil
  }
}
