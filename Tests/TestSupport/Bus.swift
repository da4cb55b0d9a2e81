internal import Foundation
import Glibc

/// A session bus of a test's own, in a scratch home, without service activation: what is killed stays dead, and no
/// program of the machine is started.
package final class PrivateBus {
  package let scratch = ScratchFolder()
  /// Variables for a program that is to live on this bus.
  package let environment: [String: String]
  private let daemon: ChildProcess

  package init(_ restriction: BusRestriction? = nil) throws {
    let runtime = scratch.makeFolder("run")
    let address = "unix:path=" + runtime + "/bus"
    environment = Self.environment(in: scratch, address: address)
    let configuration = scratch.write(Self.configuration(address, restriction), to: "bus.conf")
    daemon = ChildProcess(
      ["dbus-daemon", "--nofork", "--config-file=" + configuration], environment: environment)
    // The socket has its name a moment before somebody listens at it.
    let isReady = eventually { (try? SocketCaller(of: runtime + "/bus")) != nil }
    guard isReady else { throw SetupFailure("dbus-daemon did not start: \(daemon.errors)") }
  }

  deinit { KernelKeys.forget(with: scratch.path) }

  /// Variables for a program that lives on this bus, with a HOME and folders in `scratch`.
  package func environment(in scratch: ScratchFolder) -> [String: String] {
    Self.environment(in: scratch, address: environment["DBUS_SESSION_BUS_ADDRESS"] ?? "")
  }

  private static func environment(in scratch: ScratchFolder, address: String) -> [String: String] {
    [
      "HOME": scratch.makeFolder("home"), "XDG_RUNTIME_DIR": scratch.makeFolder("run"),
      "XDG_DATA_HOME": scratch.makeFolder("data"), "XDG_CONFIG_HOME": scratch.makeFolder("config"),
      "XDG_CACHE_HOME": scratch.makeFolder("cache"), "DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin",
      "LC_ALL": "C.UTF-8",
    ]
  }

  /// Calls a D-Bus method with gdbus; arguments are GVariant texts.
  package func call(
    _ owner: String, _ path: String, _ method: String, _ arguments: [String] = []
  ) -> (status: Int32, output: String, errors: String) {
    ChildProcess.run(
      ["gdbus", "call", "--session", "--dest", owner, "--object-path", path, "--method", method] + arguments,
      environment: environment)
  }

  /// How many connections there are, that which asks among them.
  package var connectionCount: Int {
    let names = call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.ListNames")
    return names.output.split(separator: "'").count { $0.hasPrefix(":") }
  }

  package func end() { daemon.end() }

  /// With the stock session bus's limits, which are larger than the defaults.
  private static func configuration(_ address: String, _ restriction: BusRestriction?) -> String {
    """
    <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
      "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
    <busconfig>
      <type>session</type>
      <listen>\(address)</listen>
      <auth>EXTERNAL</auth>
      <policy context="default">
        <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
      </policy>
      <limit name="max_incoming_bytes">1000000000</limit>
      <limit name="max_outgoing_bytes">1000000000</limit>
      <limit name="max_message_size">1000000000</limit>
      \(restriction?.configuration ?? "")
    </busconfig>
    """
  }
}

// MARK: - Bus restriction

/// What a private bus does not do, though a stock one does.
package enum BusRestriction: Equatable, Sendable {
  /// It takes no more than that many connections at once.
  case connections(Int)
  /// It does not answer a method of its own.
  case withoutAnswer(to: String)

  /// For dbus-daemon(1), after the general policy.
  var configuration: String {
    switch self {
    case .connections(let count): #"<limit name="max_completed_connections">\#(count)</limit>"#
    case .withoutAnswer(let method):
      #"""
      <policy context="default">
        <deny send_interface="org.freedesktop.DBus" send_member="\#(method)"/>
      </policy>
      """#
    }
  }
}

// MARK: - Held bus

/// A session bus that keeps back the first call of a method until it is released: time for the keyring to change between
/// two calls of one command.
package final class HeldBus {
  /// For `DBUS_SESSION_BUS_ADDRESS`.
  package let address: String
  private let bus: PrivateBus
  private let folder = ScratchFolder()
  private let process: ChildProcess

  package init(before bus: PrivateBus, holding method: String) throws {
    let real = bus.environment["DBUS_SESSION_BUS_ADDRESS"]?.replacing("unix:path=", with: "") ?? ""
    self.bus = bus
    address = "unix:path=" + folder.path("bus")
    process = PythonTool.heldBus.start([real, folder.path("bus"), method, "1"], environment: [:])
    try wait(for: "ready")
  }

  /// Returns once the call has come, and is kept.
  package func waitForCall() throws { try wait(for: "held") }

  /// Passes the call on; returns once the real bus has taken it.
  package func release() throws {
    process.send(SIGUSR1)
    try wait(for: "released")
    _ = bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.GetId")
  }

  private func wait(for word: String) throws {
    guard eventually({ process.output.split(separator: "\n").contains(Substring(word)) }) else {
      throw TestTimeout(waitingFor: word, seen: process.output + process.errors)
    }
  }
}

// MARK: - Local socket

/// A socket of this machine that has a path (unix(7)).
enum LocalSocket {
  static func make() -> Int32 { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }

  /// Gives `call` the address of the socket at `path`, as bind(2) and connect(2) take it.
  static func with(_ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}

// MARK: - Mute listener

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

// MARK: - Socket caller

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
