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

  /// Gives up the socket to whoever closes it now.
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

extension FileDescriptor {
  /// Whether a process of our user, or of root, is at the other end of this connection, which came to us over loopback;
  /// false if the kernel does not tell.
  package var isOfOurUser: Bool {
    var user = uid_t()
    guard let client = unsafe tcpEnd(getpeername), let server = unsafe tcpEnd(getsockname),
      unsafe linux_tcp_client_user(client, server, &user) == 0
    else { return false }
    return [0, geteuid()].contains(user)
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
