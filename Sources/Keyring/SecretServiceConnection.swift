import CLibsecret
import Glibc
internal import POSIX
internal import Secrets

/// The connection with the session bus, and what passes over it.
///
/// Calls are sent without waiting for their replies, and none is ever cancelled: cancelling an unlock makes gnome-keyring
/// abort (42.1: `perform_next_unlock: assertion failed`). A call whose time is over is abandoned together with its
/// connection, which stays open until this process ends; a client that vanishes is harmless.
@safe
final class SecretServiceConnection {
  let library: Libsecret
  let loop: EventLoop
  private let timeouts: KeyringTimeouts
  private let bus: GObjectReference
  private var pendingSession: PendingCall?
  private var openedSession: SecretServiceSession?

  /// Connects to the bus at `address`, which has to be checked before.
  ///
  /// - Throws: `.unusableBus`, `.libraryMissing`, `.timedOut`.
  init(to address: BusAddress, _ timeouts: KeyringTimeouts) throws(SecretStoreError) {
    library = try Libsecret.opened()
    loop = EventLoop(of: library)
    self.timeouts = timeouts
    bus = try Self.connect(to: address, loop, timeouts)
  }

  var pointer: OpaquePointer { unsafe OpaquePointer(bus.pointer) }

  private static func connect(
    to address: BusAddress, _ loop: EventLoop, _ timeouts: KeyringTimeouts
  ) throws(SecretStoreError) -> GObjectReference {
    let flags = GDBusConnectionFlags(
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT.rawValue | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION.rawValue)
    let pending = try loop.use { () throws(SecretStoreError) in
      unsafe PendingCall(.connection, in: loop) { call, callback, context in
        blockingSignals {
          unsafe call.g_dbus_connection_new_for_address(address.text, flags, nil, nil, callback, context)
        }
      }
    }
    libsecret_prepare_session()
    do throws(SecretStoreError) {
      return unsafe try GObjectReference(owning: pending.wait(for: timeouts.answer), of: loop.library)
    } catch {
      if case .timedOut = error { throw error }
      var reason = SecretServiceError.BusProblem.unreachable
      if case .secretService(.unusableBus(_, let found)) = error { reason = found }
      throw .secretService(.unusableBus(address: address.text, reason: reason))
    }
  }

  /// Sends a call.
  func send(
    _ method: String, of interface: BusInterface, to path: String, _ arguments: Argument...
  ) -> PendingReply {
    let values = unsafe Argument.tuple(arguments, in: library)
    let call = unsafe PendingCall(.method, in: loop) { call, callback, context in
      unsafe call.g_dbus_connection_call(
        pointer, interface.owner, path, interface.rawValue, method, values, nil, G_DBUS_CALL_FLAGS_NONE, -1, nil,
        callback,
        context)
    }
    return PendingReply(method: method, call: call, timeout: timeouts.answer)
  }

  /// Asks for the session in which secrets cross the bus. Computing a key takes us a millisecond and the service two, so
  /// everything else is asked before.
  func openSession() {
    guard openedSession == nil, pendingSession == nil else { return }
    pendingSession = unsafe PendingCall(.session, in: loop) { call, callback, context in
      unsafe libsecret_open_session(pointer, callback, context)
    }
  }

  /// That session, opened on first use.
  ///
  /// - Throws: `.noService`, `.plainTransport`.
  func session() throws(SecretStoreError) -> SecretServiceSession {
    if let openedSession { return openedSession }
    let session: SecretServiceSession
    do throws(SecretStoreError) {
      session = try takeSession()
    } catch .secretService(.other) {
      // KWallet refuses one public key in 256, which is shorter than the others: the next is another.
      session = try takeSession()
    }
    openedSession = session
    return session
  }

  private func takeSession() throws(SecretStoreError) -> SecretServiceSession {
    openSession()
    guard let pending = pendingSession else { throw .secretService(.serviceEnded) }
    pendingSession = nil
    let service = unsafe try GObjectReference(owning: pending.wait(for: timeouts.answer), of: library)
    return try SecretServiceSession(service, of: library)
  }

  /// Shows a prompt of the service; false if the user dismissed it.
  func accepts(prompt path: String) throws(SecretStoreError) -> Bool {
    guard path != "/" else { return true }
    let prompt = PendingPrompt(path, of: self)
    _ = try send("Prompt", of: .prompt, to: path, .text("")).wait()
    guard loop.run(for: timeouts.dialog, until: { prompt.end != nil }), let end = prompt.end else {
      throw .unlockTimedOut(seconds: Int(timeouts.dialog.components.seconds))
    }
    switch end {
    case .completed: return true
    case .dismissed: return false
    case .serviceGone: throw .secretService(.serviceEnded)
    }
  }
}

/// The interfaces whose methods and properties we use.
enum BusInterface: String {
  case service = "org.freedesktop.Secret.Service"
  case collection = "org.freedesktop.Secret.Collection"
  case item = "org.freedesktop.Secret.Item"
  case prompt = "org.freedesktop.Secret.Prompt"
  case properties = "org.freedesktop.DBus.Properties"
  case bus = "org.freedesktop.DBus"
  /// gnome-keyring's own.
  case gnomeKeyring = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"

  /// The bus name of who has it.
  var owner: String { self == .bus ? rawValue : "org.freedesktop.secrets" }
}

// MARK: - Pending calls

/// Something that GLib was asked for, and whose result can be waited for later.
@safe
private final class PendingCall {
  enum Kind { case connection, session, method }

  private let kind: Kind
  let loop: EventLoop
  private var isDone = false
  private var result: UnsafeMutableRawPointer?
  private var failure: SecretStoreError?

  init(
    _ kind: Kind, in loop: EventLoop,
    start: (libsecret_functions, GAsyncReadyCallback, UnsafeMutableRawPointer) -> Void
  ) {
    self.kind = kind
    self.loop = loop
    // Kept until GLib calls back, which never happens to a call that is abandoned with its loop.
    let itself = unsafe Unmanaged.passRetained(self).toOpaque()
    unsafe start(
      loop.library.call,
      { source, result, itself in
        guard let itself = unsafe itself else { return }
        unsafe Unmanaged<PendingCall>.fromOpaque(itself).takeRetainedValue().finish(source, result)
      }, itself)
  }

  /// What GLib gives its caller to keep; to be called once.
  ///
  /// - Throws: what the other side answered, `.noService`, `.serviceEnded`, `.timedOut`.
  func wait(for limit: Duration) throws(SecretStoreError) -> UnsafeMutableRawPointer {
    guard loop.run(for: limit, until: { isDone }) else {
      throw .timedOut(seconds: Int(limit.components.seconds))
    }
    if let failure { throw failure }
    guard let result = unsafe result else { throw .secretService(.serviceEnded) }
    return unsafe result
  }

  private func finish(_ source: UnsafeMutablePointer<GObject>?, _ result: OpaquePointer?) {
    isDone = true
    let kind = kind
    do throws(SecretStoreError) {
      unsafe self.result = try loop.library.checked { call, error in
        switch kind {
        case .connection:
          unsafe UnsafeMutableRawPointer(call.g_dbus_connection_new_for_address_finish(result, error))
        case .session:
          unsafe call.secret_service_ensure_session_finish(source?.service, result, error) == 0
            ? nil : call.g_object_ref(source)
        case .method:
          unsafe UnsafeMutableRawPointer(call.g_dbus_connection_call_finish(OpaquePointer(source), result, error))
        }
      }
    } catch {
      failure = error
    }
  }
}

extension UnsafeMutablePointer<GObject> {
  /// The object as what `secret_service_get_type` made it.
  fileprivate var service: UnsafeMutablePointer<SecretService> {
    unsafe UnsafeMutableRawPointer(self).assumingMemoryBound(to: SecretService.self)
  }
}

/// A method that was called, and whose reply can be waited for later.
struct PendingReply {
  fileprivate let method: String
  fileprivate let call: PendingCall
  fileprivate let timeout: Duration

  /// All values of the reply; to be called once.
  func wait() throws(SecretStoreError) -> Variant {
    let reply = unsafe try Variant(owning: OpaquePointer(call.wait(for: timeout)), of: call.loop.library)
    guard let reply else { throw unexpected }
    return reply
  }

  /// The object path or text that is the only or the last value of the reply.
  func path(at position: Int = 0) throws(SecretStoreError) -> String {
    guard let path = try wait().value(position)?.text else { throw unexpected }
    return path
  }

  /// What is wrong with a reply of another type than the method's.
  var unexpected: SecretStoreError { .secretService(.other("\(method) gave a reply of another type")) }
}

// MARK: - Pending prompts

/// Waits for the outcome of a prompt, which the service reports only by signal.
@safe
private final class PendingPrompt {
  enum End {
    case completed
    case dismissed
    /// The service, or the bus, is no longer the one that shows the prompt.
    case serviceGone
  }

  private let connection: SecretServiceConnection
  private var subscriptions: [UInt32] = []
  private var heard: End?

  init(_ path: String, of connection: SecretServiceConnection) {
    self.connection = connection
    unsafe subscribe(to: "Completed", of: .prompt, at: path, argument: nil) {
      _, _, _, _, _, values, prompt in unsafe PendingPrompt.at(prompt).complete(values)
    }
    let owner = BusInterface.prompt.owner
    unsafe subscribe(to: "NameOwnerChanged", of: .bus, at: "/org/freedesktop/DBus", argument: owner) {
      _, _, _, _, _, _, prompt in unsafe PendingPrompt.at(prompt).finish(.serviceGone)
    }
  }

  deinit {
    for subscription in subscriptions {
      unsafe connection.library.call.g_dbus_connection_signal_unsubscribe(connection.pointer, subscription)
    }
  }

  /// What came first counts.
  var end: End? {
    if let heard { return heard }
    return unsafe connection.library.call.g_dbus_connection_is_closed(connection.pointer) != 0 ? .serviceGone : nil
  }

  private func finish(_ end: End) {
    if heard == nil { heard = end }
  }

  /// The signal's values: whether it was dismissed, and a result.
  private func complete(_ values: OpaquePointer?) {
    let wasDismissed = unsafe Variant(borrowing: values, of: connection.library)?.value(0)?.truth ?? true
    finish(wasDismissed ? .dismissed : .completed)
  }

  private func subscribe(
    to signal: String, of interface: BusInterface, at path: String, argument: String?, _ callback: GDBusSignalCallback
  ) {
    let itself = unsafe Unmanaged.passUnretained(self).toOpaque()
    let subscription = unsafe connection.library.call.g_dbus_connection_signal_subscribe(
      connection.pointer, interface.owner, interface.rawValue, signal, path, argument, G_DBUS_SIGNAL_FLAGS_NONE,
      callback,
      itself, nil)
    subscriptions.append(subscription)
  }

  /// The prompt that a callback was subscribed with, which unsubscribes before it ends.
  private static func at(_ pointer: UnsafeMutableRawPointer?) -> PendingPrompt {
    guard let pointer = unsafe pointer else { preconditionFailure("subscribed without a prompt") }
    return unsafe Unmanaged.fromOpaque(pointer).takeUnretainedValue()
  }
}

// MARK: - Session

/// An encrypted session with the Secret Service, in which secrets cross the bus. libsecret encrypts and decrypts.
@safe
final class SecretServiceSession {
  private let service: GObjectReference
  private let library: Libsecret

  /// - Throws: `.plainTransport`, since libsecret falls back to a session in clear without a word.
  fileprivate init(_ service: consuming GObjectReference, of library: Libsecret) throws(SecretStoreError) {
    self.service = service
    self.library = library
    let algorithms = unsafe library.call.secret_service_get_session_algorithms(pointer)
    guard let algorithms = unsafe algorithms, unsafe String(cString: algorithms) != "plain" else {
      throw .secretService(.plainTransport)
    }
  }

  /// Its object path.
  var path: String {
    unsafe library.call.secret_service_get_session_dbus_path(pointer).map { unsafe String(cString: $0) } ?? "/"
  }

  private var pointer: UnsafeMutablePointer<SecretService> {
    unsafe service.pointer.assumingMemoryBound(to: SecretService.self)
  }

  /// `secret`, encrypted for one call.
  func encrypted(_ secret: borrowing SecretBytes, contentType: String) throws(SecretStoreError) -> Argument {
    guard let value = SecretValueReference(copying: secret, contentType: contentType, in: library),
      let encrypted = unsafe library.call.secret_service_encode_dbus_secret(pointer, value.pointer)
    else { throw .secretService(.other("libsecret does not encrypt")) }
    return unsafe .secret(encrypted)
  }

  /// What `secret`, of D-Bus type `(oayays)`, holds; nil if that is more than `limit` bytes, or not encrypted for us.
  func decrypted(_ secret: borrowing Variant, upTo limit: Int) -> SecretBytes? {
    guard secret.isOfType("(oayays)"), let encrypted = secret.child(2), encrypted.count <= limit + 16 else {
      return nil
    }
    let value = unsafe library.call.secret_service_decode_dbus_secret(pointer, secret.pointer)
    return unsafe SecretValueReference(owning: value, of: library)?.bytes(upTo: limit)
  }
}
