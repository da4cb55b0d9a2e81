internal import Foundation

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
    environment = [
      "HOME": scratch.makeFolder("home"), "XDG_RUNTIME_DIR": runtime, "XDG_DATA_HOME": scratch.makeFolder("data"),
      "XDG_CONFIG_HOME": scratch.makeFolder("config"), "XDG_CACHE_HOME": scratch.makeFolder("cache"),
      "DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
    ]
    let configuration = scratch.write(Self.configuration(address, restriction), to: "bus.conf")
    daemon = ChildProcess(
      ["dbus-daemon", "--nofork", "--config-file=" + configuration], environment: environment)
    // The socket has its name a moment before somebody listens at it.
    let isReady = eventually { (try? SocketCaller(of: runtime + "/bus")) != nil }
    guard isReady else { throw SetupFailure("dbus-daemon did not start: \(daemon.errors)") }
  }

  deinit { KernelKeys.forget(with: scratch.path) }

  /// Calls a D-Bus method with gdbus; arguments are GVariant texts.
  package func call(
    _ owner: String, _ path: String, _ method: String, _ arguments: String...
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
