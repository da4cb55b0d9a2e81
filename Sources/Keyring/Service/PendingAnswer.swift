import CLibsecret

/// A call over D-Bus that was sent, and whose answer can be waited for later.
@safe
final class PendingAnswer {
  private let library: Libsecret
  private var isThere = false
  private var answer: Variant?
  private var failure: KeyringError?

  /// Sends the call. Takes over new `arguments`.
  init(to method: BusMethod, at path: String, _ arguments: OpaquePointer?, over connection: ServiceConnection) {
    library = connection.library
    // Kept until the answer is there, which GLib always delivers: an error where the connection ends before.
    let itself = unsafe Unmanaged.passRetained(self).toOpaque()
    unsafe library.call.g_dbus_connection_call(
      connection.connection, method.owner, path, method.interface, method.name, arguments, nil,
      G_DBUS_CALL_FLAGS_NONE, -1, nil,
      { connection, result, itself in unsafe PendingAnswer.take(itself)?.finish(connection, result) }, itself)
  }

  /// All values of the answer; to be called once. Throws what the service answered, `.noService`, `.serviceEnded`.
  func wait() throws(KeyringError) -> Variant? {
    while !isThere { _ = library.call.g_main_context_iteration(nil, 1) }
    if let failure { throw failure }
    return answer.take()
  }

  private func finish(_ connection: UnsafeMutablePointer<GObject>?, _ result: OpaquePointer?) {
    isThere = true
    do throws(KeyringError) {
      let values = unsafe try library.checked { call, error in
        unsafe call.g_dbus_connection_call_finish(OpaquePointer(connection), result, error)
      }
      answer = unsafe Variant(owning: values, of: library)
    } catch {
      failure = error
    }
  }

  private static func take(_ pointer: UnsafeMutableRawPointer?) -> PendingAnswer? {
    unsafe pointer.map { unsafe Unmanaged.fromOpaque($0).takeRetainedValue() }
  }
}
