import CLibsecret
import Glibc

/// An encrypted session with the Secret Service, on a bus that is ours.
@safe
final class ServiceConnection {
  let library: Libsecret
  private let bus: GObjectReference
  private let reference: GObjectReference

  /// Connects to the bus at `address`, which has to be checked before. Throws `.unusableBus`, `.noService`,
  /// `.plainTransport`, `.libraryMissing`.
  init(to address: BusAddress) throws(KeyringError) {
    library = try Libsecret.opened()
    // libsecret takes the bus from here and nowhere else; without it GLib would start dbus-launch from PATH.
    unsafe setenv("DBUS_SESSION_BUS_ADDRESS", address.text, 1)
    bus = try Self.openBus(at: address, with: library)
    reference = try Self.openService(with: library)
    try demandEncryption()
  }

  var service: UnsafeMutablePointer<SecretService> {
    unsafe reference.pointer.assumingMemoryBound(to: SecretService.self)
  }

  var connection: OpaquePointer { unsafe OpaquePointer(bus.pointer) }

  /// Calls a method whose arguments are texts, and gives the first value of its answer.
  func call(_ method: BusMethod, at path: String, _ arguments: String...) throws(KeyringError) -> Variant? {
    unsafe try answer(to: method, at: path, Variant.arguments(arguments, in: library))?.value(0)
  }

  /// Calls a method, and gives all values of its answer. Takes over a new `arguments`.
  func answer(
    to method: BusMethod, at path: String, _ arguments: OpaquePointer?
  ) throws(KeyringError) -> Variant? {
    let answer = unsafe try library.checked { call, error in
      unsafe call.g_dbus_connection_call_sync(
        connection, method.owner, path, method.interface, method.name, arguments, nil, G_DBUS_CALL_FLAGS_NONE, -1, nil,
        error)
    }
    return unsafe Variant(owning: answer, of: library)
  }

  private static func openBus(
    at address: BusAddress, with library: Libsecret
  ) throws(KeyringError) -> GObjectReference {
    let connection = unsafe library.call.g_bus_get_sync(G_BUS_TYPE_SESSION, nil, nil)
    guard let connection = unsafe connection else {
      throw .unusableBus(address: address.text, reason: .unreachable)
    }
    // GDBus otherwise ends the process when the bus goes away.
    unsafe library.call.g_dbus_connection_set_exit_on_close(connection, 0)
    return unsafe GObjectReference(owning: UnsafeMutableRawPointer(connection), of: library)
  }

  private static func openService(with library: Libsecret) throws(KeyringError) -> GObjectReference {
    let service = unsafe try library.checked { call, error in
      unsafe call.secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, nil, error)
    }
    guard let service = unsafe service else { throw .noService }
    return unsafe GObjectReference(owning: UnsafeMutableRawPointer(service), of: library)
  }

  /// libsecret falls back to a session in clear without a word.
  private func demandEncryption() throws(KeyringError) {
    let algorithms = unsafe library.call.secret_service_get_session_algorithms(service)
    guard let algorithms = unsafe algorithms, unsafe String(cString: algorithms).hasPrefix("dh-") else {
      throw .plainTransport
    }
  }
}
