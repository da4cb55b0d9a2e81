import CLibsecret

/// An error that GLib reported, and what it means for us.
@safe
struct GLibFailure: ~Copyable {
  /// Our number, among libsecret's, for the error that it has none for: a service that was replaced does not know the
  /// session we had with the one before.
  private static let lostSession: UInt32 = 1000

  private let error: UnsafeMutablePointer<GError>
  private let library: Libsecret

  init(owning error: UnsafeMutablePointer<GError>, of library: Libsecret) {
    unsafe self.error = error
    self.library = library
  }

  deinit { unsafe library.call.g_error_free(error) }

  /// Has GLib tell the errors apart that it else hands over as words only. Once per process.
  static func register(in functions: libsecret_functions) {
    let domain = functions.secret_error_get_quark()
    _ = unsafe functions.g_dbus_error_register_error(
      domain, gint(lostSession), "org.freedesktop.Secret.Error.NoSession")
  }

  var keyringError: KeyringError {
    let code = unsafe UInt32(bitPattern: error.pointee.code)
    return switch unsafe error.pointee.domain {
    case library.call.secret_error_get_quark(): secretServiceError(code)
    case library.call.g_dbus_error_quark(): busError(code)
    case library.call.g_io_error_quark(): streamError(code)
    case _: .service(words)
    }
  }

  /// Whether the bus has as many connections as it takes.
  var isLimitOfTheBus: Bool {
    unsafe error.pointee.domain == library.call.g_dbus_error_quark()
      && error.pointee.code == G_DBUS_ERROR_LIMITS_EXCEEDED.rawValue
  }

  private func secretServiceError(_ code: UInt32) -> KeyringError {
    switch code {
    case SECRET_ERROR_IS_LOCKED.rawValue: .locked
    case SECRET_ERROR_NO_SUCH_OBJECT.rawValue, Self.lostSession: .changed
    case _: .service(words)
    }
  }

  private func busError(_ code: UInt32) -> KeyringError {
    switch code {
    case G_DBUS_ERROR_SERVICE_UNKNOWN.rawValue, G_DBUS_ERROR_NAME_HAS_NO_OWNER.rawValue: .noService
    case G_DBUS_ERROR_SPAWN_EXEC_FAILED.rawValue...G_DBUS_ERROR_SPAWN_NO_MEMORY.rawValue: .noService
    case G_DBUS_ERROR_NO_REPLY.rawValue, G_DBUS_ERROR_DISCONNECTED.rawValue: .serviceEnded
    // So gnome-keyring answers for an item or collection that it does not have.
    case G_DBUS_ERROR_UNKNOWN_METHOD.rawValue, G_DBUS_ERROR_UNKNOWN_OBJECT.rawValue: .changed
    case _: .service(words)
    }
  }

  private func streamError(_ code: UInt32) -> KeyringError {
    switch code {
    case G_IO_ERROR_CLOSED.rawValue, G_IO_ERROR_BROKEN_PIPE.rawValue: .serviceEnded
    case _: .service(words)
    }
  }

  private var words: String {
    _ = unsafe library.call.g_dbus_error_strip_remote_error(error)
    return unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? ""
  }
}
