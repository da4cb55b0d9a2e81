internal import Foundation

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
