import CLinux
import Glibc
internal import POSIX

/// Finds the session bus that `environment` names, and makes sure that it is ours.
struct SessionBus {
  let environment: [String: String]
  /// The runtime folder if `XDG_RUNTIME_DIR` is unset (pam_systemd(8)).
  var usualFolder = "/run/user/\(geteuid())"

  /// The address of a bus that answers and runs under our user id. Throws `.noBus`, `.unusableBus`.
  func address() throws(SecretStoreError) -> BusAddress {
    let address = try named()
    if let problem = address.socket.problem() {
      throw .secretService(.unusableBus(address: address.text, reason: problem))
    }
    return address
  }

  private func named() throws(SecretStoreError) -> BusAddress {
    guard let text = environment["DBUS_SESSION_BUS_ADDRESS"], !text.isEmpty else { return try standard() }
    guard let address = BusAddress(parsing: text) else {
      throw .secretService(.unusableBus(address: text, reason: .notUnix))
    }
    return address
  }

  private func standard() throws(SecretStoreError) -> BusAddress {
    if let folder = environment["XDG_RUNTIME_DIR"], folder.hasPrefix("/") {
      guard unsafe access(folder + "/bus", F_OK) == 0 else { throw .secretService(.noBus) }
      return BusAddress(path: folder + "/bus")
    }
    // Every login with systemd has its bus here, also if a shell without its variables asks.
    let path = usualFolder + "/bus"
    var file = stat()
    guard unsafe lstat(path, &file) == 0, file.st_mode & S_IFMT == S_IFSOCK, file.st_uid == geteuid() else {
      throw .secretService(.noBus)
    }
    return BusAddress(path: path)
  }
}

// MARK: - Bus address

/// The D-Bus address of the session bus, of the only kind that names a socket of this machine: `unix:`.
///
/// Source: D-Bus specification, "Server Addresses". `tcp:`, `unixexec:` and `autolaunch:` are refused, because each lets
/// the environment decide which program or host gets the secrets.
struct BusAddress: Equatable {
  /// As GLib reads it.
  let text: String
  let socket: UnixSocket

  /// The first usable address of a list; nil if there is none.
  ///
  /// Other bytes than ASCII have to be escaped: a mark and the accent after it are one character to Swift and two to
  /// GLib, which would then connect to another socket than the one that was looked at.
  init?(parsing list: String) {
    guard list.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    for entry in list.split(separator: ";") {
      guard let socket = Self.socket(of: entry) else { continue }
      self.init(socket)
      return
    }
    return nil
  }

  /// The socket at `path`.
  init(path: String) { self.init(.path(Array(path.utf8))) }

  /// Spelled anew: GLib may read an entry with several names otherwise than we do.
  private init(_ socket: UnixSocket) {
    self.socket = socket
    switch socket {
    case .path(let path): text = "unix:path=" + Self.escaped(path)
    case .abstract(let name): text = "unix:abstract=" + Self.escaped(name)
    }
  }

  private static func socket(of entry: Substring) -> UnixSocket? {
    guard entry.hasPrefix("unix:") else { return nil }
    for pair in entry.dropFirst("unix:".count).split(separator: ",") {
      guard let equals = pair.firstIndex(of: "="), let value = unescaped(pair[equals...].dropFirst()) else {
        return nil
      }
      switch pair[..<equals] {
      case "path": return .path(value)
      case "abstract": return .abstract(value)
      default: continue
      }
    }
    return nil
  }

  private static func unescaped(_ value: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = value
    while let character = rest.popFirst() {
      guard character == "%" else {
        bytes += character.utf8
        continue
      }
      guard let high = rest.popFirst()?.hexDigitValue, let low = rest.popFirst()?.hexDigitValue else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }

  private static func escaped(_ name: [UInt8]) -> String {
    let plain = Set("-_/.\\*0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    return name.map { byte in
      plain.contains(byte) ? String(UnicodeScalar(byte)) : (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
    }.joined()
  }
}

// MARK: - Listener

extension UnixSocket {
  /// Connects, and tells what is wrong with the listener; nil if it is ours.
  ///
  /// Done before GLib is touched, which would connect to anybody.
  func problem() -> SecretServiceError.BusProblem? {
    let connection: FileDescriptor
    do throws(FileFailure) {
      connection = try connected()
    } catch {
      // More wait to be accepted than the listener has room for.
      return error == .call(EAGAIN) ? .full : .unreachable
    }
    var listener = uid_t.max
    guard unsafe linux_peer_user(connection.number, &listener) == 0, listener == geteuid() else {
      return .foreignOwner
    }
    return nil
  }
}
