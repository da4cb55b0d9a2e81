import Glibc
package import POSIX

/// A display as `WAYLAND_DISPLAY` or `DISPLAY` names it.
package enum Display: Equatable, Sendable {
  /// Its sockets, any of which will do.
  case local([UnixSocket])
  /// X's port of a machine, such as that which ssh forwards.
  case remote(host: String, port: Int)

  /// The displays of an environment: Wayland's first, as programs do.
  ///
  /// Sources: wl_display_connect(3), X(7) "Display names".
  package static func all(in environment: [String: String]) -> [Display] {
    [environment["WAYLAND_DISPLAY"].flatMap { wayland($0, environment) }, environment["DISPLAY"].flatMap { x($0) }]
      .compactMap { $0 }
  }

  /// Whether a window could be shown: a variable of a terminal multiplexer may name a display that is long gone, or that
  /// waits for ever.
  package static func answers(in environment: [String: String]) -> Bool {
    all(in: environment).contains(where: \.answers)
  }

  private static func wayland(_ name: String, _ environment: [String: String]) -> Display? {
    if name.hasPrefix("/") { return .local([.path(Array(name.utf8))]) }
    guard !name.isEmpty, let folder = environment["XDG_RUNTIME_DIR"], folder.hasPrefix("/") else { return nil }
    return .local([.path(Array("\(folder)/\(name)".utf8))])
  }

  /// `:0`, `unix:0`, `localhost:10.0`
  private static func x(_ name: String) -> Display? {
    guard let colon = name.lastIndex(of: ":"),
      let number = name[name.index(after: colon)...].split(separator: ".").first.flatMap({ Int($0) }),
      (0...59_535).contains(number)
    else { return nil }
    let host = name[..<colon]
    guard host.isEmpty || host == "unix" else { return .remote(host: String(host), port: 6_000 + number) }
    let path = Array("/tmp/.X11-unix/X\(number)".utf8)
    return .local([.abstract(path), .path(path)])
  }

  private var answers: Bool {
    switch self {
    case .local(let sockets): sockets.contains(where: \.answers)
    case .remote(let host, let port): Self.answers(host, port: port)
    }
  }
}

// MARK: - TCP

extension Display {
  /// Whether the port takes a connection at once. A name that a server would have to be asked for is believed: how long
  /// the window's program then takes is limited.
  private static func answers(_ host: String, port: Int) -> Bool {
    let addresses = host == "localhost" ? ["127.0.0.1", "::1"] : [host]
    for address in addresses {
      var wish = unsafe addrinfo()
      unsafe wish.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
      unsafe wish.ai_socktype = Int32(SOCK_STREAM.rawValue)
      var found: UnsafeMutablePointer<addrinfo>?
      guard unsafe getaddrinfo(address, "\(port)", &wish, &found) == 0, let entry = unsafe found else { return true }
      defer { unsafe freeaddrinfo(entry) }
      if unsafe connects(to: entry) { return true }
    }
    return false
  }

  private static func connects(to entry: UnsafeMutablePointer<addrinfo>) -> Bool {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    guard let socket = FileDescriptor(unsafe socket(entry.pointee.ai_family, kind, 0)) else { return false }
    if unsafe connect(socket.number, entry.pointee.ai_addr, entry.pointee.ai_addrlen) == 0 { return true }
    guard errno == EINPROGRESS else { return false }
    do throws(FileFailure) {
      guard try FileDescriptor.wait(for: .writing, on: socket.number, until: .now + .milliseconds(200)) else {
        return false
      }
    } catch {
      return false
    }
    var failure: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(socket.number, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0
  }
}
