import Glibc

/// The name of a socket of this machine (unix(7)).
package enum UnixSocket: Equatable, Sendable {
  case path([UInt8])
  case abstract([UInt8])

  /// A connection to the program that listens there, without waiting: `EAGAIN` if its queue is full.
  package func connected() throws(FileFailure) -> FileDescriptor {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    guard let descriptor = FileDescriptor(socket(AF_UNIX, kind, 0)) else { throw .last }
    guard connects(descriptor.number) else { throw .last }
    return descriptor
  }

  /// Whether somebody listens there and takes connections.
  package var answers: Bool {
    do {
      _ = try connected()
      return true
    } catch {
      return false
    }
  }

  private func connects(_ descriptor: Int32) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = nameBytes
    let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
      // A path must keep the zero byte after it.
      guard name.count < room.count else { return false }
      unsafe room.copyBytes(from: name)
      return true
    }
    guard fits else {
      errno = ENAMETOOLONG
      return false
    }
    let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + name.count } ?? 0
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(length)) == 0
      }
    }
  }

  private var nameBytes: [UInt8] {
    switch self {
    case .path(let bytes): bytes
    case .abstract(let bytes): [0] + bytes
    }
  }
}
