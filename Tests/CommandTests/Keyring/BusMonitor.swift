import TestSupport

/// All that passes over a private bus, as dbus-monitor(1) records it.
final class BusMonitor {
  private let bus: PrivateBus
  private let monitor: ChildProcess

  init(on bus: PrivateBus) throws {
    self.bus = bus
    monitor = ChildProcess(["dbus-monitor", "--pcap"], environment: bus.environment)
    guard eventually(within: 30, { hasSeen("io.example.Beginning") }) else {
      throw SetupFailure("dbus-monitor: \(monitor.errors)")
    }
  }

  /// What passed until now.
  func record() throws -> String {
    guard eventually(within: 30, { hasSeen("io.example.End") }) else { throw SetupFailure("no end in the record") }
    return monitor.output
  }

  /// Sends a text over the bus as a call's argument, and looks whether it was recorded yet.
  func hasSeen(_ text: String) -> Bool {
    _ = bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", text)
    return monitor.output.contains(text)
  }
}
