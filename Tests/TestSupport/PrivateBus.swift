internal import Foundation

/// A session bus of a test's own, in a scratch home, without service activation: what is killed stays dead, and no
/// program of the machine is started.
package final class PrivateBus {
  package let scratch = ScratchFolder()
  /// Variables for a program that is to live on this bus.
  package let environment: [String: String]
  private let daemon: ChildProcess

  package init() throws {
    let runtime = scratch.makeFolder("run")
    let address = "unix:path=" + runtime + "/bus"
    environment = [
      "HOME": scratch.makeFolder("home"), "XDG_RUNTIME_DIR": runtime, "XDG_DATA_HOME": scratch.makeFolder("data"),
      "XDG_CONFIG_HOME": scratch.makeFolder("config"), "XDG_CACHE_HOME": scratch.makeFolder("cache"),
      "DBUS_SESSION_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
    ]
    let configuration = scratch.write(Self.configuration(address), to: "bus.conf")
    daemon = ChildProcess(
      ["dbus-daemon", "--nofork", "--config-file=" + configuration], environment: environment)
    let isReady = eventually { FileManager.default.fileExists(atPath: runtime + "/bus") }
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

  package func end() { daemon.end() }

  private static func configuration(_ address: String) -> String {
    """
    <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
      "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
    <busconfig>
      <type>session</type>
      <listen>\(address)</listen>
      <auth>EXTERNAL</auth>
      <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
    </busconfig>
    """
  }
}
