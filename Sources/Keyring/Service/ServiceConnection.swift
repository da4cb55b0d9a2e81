import CLibsecret
import Glibc

/// The Secret Service, on a bus that is ours.
@safe
final class ServiceConnection {
  let library: Libsecret
  private let bus: GObjectReference
  private var opened: ServiceSession?

  /// Connects to the bus at `address`, which has to be checked before. Throws `.unusableBus`, `.libraryMissing`.
  init(to address: BusAddress) throws(KeyringError) {
    library = try Libsecret.opened()
    // libsecret takes the bus from here and nowhere else; without it GLib would start dbus-launch from PATH.
    unsafe setenv("DBUS_SESSION_BUS_ADDRESS", address.text, 1)
    bus = try Self.openBus(at: address, with: library)
  }

  /// The session that secrets cross the bus in, opened on first use, which takes milliseconds. Throws `.noService`,
  /// `.plainTransport`.
  func session() throws(KeyringError) -> ServiceSession {
    if let opened { return opened }
    let session = try ServiceSession(in: library)
    opened = session
    return session
  }

  var connection: OpaquePointer { unsafe OpaquePointer(bus.pointer) }

  /// The process of the service; nil where the service does not run, or the bus does not tell whose it is.
  func process() throws(KeyringError) -> pid_t? {
    do throws(KeyringError) {
      return try call(.processOfOwner, at: "/org/freedesktop/DBus", BusMethod.service)?.number.flatMap(
        pid_t.init(exactly:))
    } catch {
      switch error {
      // A bus that has no such method says what a service does that has no such object.
      case .noService, .service, .changed: return nil
      case _: throw error
      }
    }
  }

  /// Sends a call whose arguments are texts.
  func ask(_ method: BusMethod, at path: String, _ arguments: String...) -> PendingAnswer {
    unsafe PendingAnswer(to: method, at: path, Variant.arguments(arguments, in: library), over: self)
  }

  /// Calls a method whose arguments are texts, and gives the first value of its answer.
  func call(_ method: BusMethod, at path: String, _ arguments: String...) throws(KeyringError) -> Variant? {
    unsafe try answer(to: method, at: path, Variant.arguments(arguments, in: library))?.value(0)
  }

  /// Calls a method, and gives all values of its answer. Takes over a new `arguments`.
  func answer(
    to method: BusMethod, at path: String, _ arguments: OpaquePointer?
  ) throws(KeyringError) -> Variant? {
    unsafe try PendingAnswer(to: method, at: path, arguments, over: self).wait()
  }

  private static func openBus(
    at address: BusAddress, with library: Libsecret
  ) throws(KeyringError) -> GObjectReference {
    var error: UnsafeMutablePointer<GError>?
    let connection = unsafe library.call.g_bus_get_sync(G_BUS_TYPE_SESSION, nil, &error)
    guard let connection = unsafe connection else {
      let isFull = unsafe error.map { unsafe GLibFailure(owning: $0, of: library).isLimitOfTheBus } ?? false
      throw .unusableBus(address: address.text, reason: isFull ? .full : .unreachable)
    }
    // GDBus otherwise ends the process when the bus goes away.
    unsafe library.call.g_dbus_connection_set_exit_on_close(connection, 0)
    return unsafe GObjectReference(owning: UnsafeMutableRawPointer(connection), of: library)
  }
}
