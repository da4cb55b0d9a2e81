import CLinux
import Glibc

/// The name of a socket of this machine (unix(7)).
enum UnixSocket: Equatable {
  case path([UInt8])
  case abstract([UInt8])

  /// Connects, and tells what is wrong with the listener; nil where it is ours.
  ///
  /// Done before GLib is touched, which would connect to anybody.
  func problem() -> KeyringError.BusProblem? {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { return .unreachable }
    defer { close(descriptor) }
    guard connects(descriptor) else {
      // More wait to be accepted than the listener has room for.
      return errno == EAGAIN ? .full : .unreachable
    }
    var listener = uid_t.max
    guard unsafe linux_peer_user(descriptor, &listener) == 0, listener == geteuid() else { return .foreignOwner }
    return nil
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
    guard fits else { return false }
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
