import CLibsecret
import Glibc
internal import Secrets

/// The D-Bus calls that libsecret has no stable function for.
enum BusMethod {
  /// Secret Service API, `org.freedesktop.Secret.Service`.
  case readAlias, searchItems, unlock
  /// Secret Service API, `org.freedesktop.Secret.Prompt`.
  case prompt
  case getProperty
  case nameHasOwner, processOfOwner

  /// The bus name of the Secret Service.
  static let service = "org.freedesktop.secrets"

  var owner: String {
    switch self {
    case .readAlias, .searchItems, .unlock, .prompt, .getProperty: Self.service
    case .nameHasOwner, .processOfOwner: "org.freedesktop.DBus"
    }
  }

  var interface: String {
    switch self {
    case .readAlias, .searchItems, .unlock: "org.freedesktop.Secret.Service"
    case .prompt: "org.freedesktop.Secret.Prompt"
    case .getProperty: "org.freedesktop.DBus.Properties"
    case .nameHasOwner, .processOfOwner: "org.freedesktop.DBus"
    }
  }

  var name: String {
    switch self {
    case .readAlias: "ReadAlias"
    case .searchItems: "SearchItems"
    case .unlock: "Unlock"
    case .prompt: "Prompt"
    case .getProperty: "Get"
    case .nameHasOwner: "NameHasOwner"
    case .processOfOwner: "GetConnectionUnixProcessID"
    }
  }
}

// MARK: - Pending answer

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

// MARK: - Prompt watch

/// Waits for what becomes of a prompt of the service, which only signals tell.
@safe
final class PromptWatch {
  enum End {
    case completed
    case dismissed
    /// The service, or the bus, is not the one any more that shows the prompt.
    case serviceGone
  }

  private let connection: ServiceConnection
  private var subscriptions: [UInt32] = []
  private var end: End?

  init(prompt path: String, of connection: ServiceConnection) {
    self.connection = connection
    let owner = BusMethod.service
    unsafe subscribe(to: "Completed", of: "org.freedesktop.Secret.Prompt", at: path, by: owner, argument: nil) {
      _, _, _, _, _, values, watch in unsafe PromptWatch.at(watch).complete(values)
    }
    let bus = "org.freedesktop.DBus"
    unsafe subscribe(to: "NameOwnerChanged", of: bus, at: "/org/freedesktop/DBus", by: bus, argument: owner) {
      _, _, _, _, _, _, watch in unsafe PromptWatch.at(watch).finish(.serviceGone)
    }
  }

  deinit {
    for subscription in subscriptions {
      unsafe connection.library.call.g_dbus_connection_signal_unsubscribe(connection.connection, subscription)
    }
  }

  /// Has GLib deliver signals until one tells the end.
  func wait() -> End {
    let call = connection.library.call
    while true {
      if let end { return end }
      if unsafe call.g_dbus_connection_is_closed(connection.connection) != 0 { return .serviceGone }
      _ = call.g_main_context_iteration(nil, 1)
    }
  }

  /// What came first counts.
  private func finish(_ end: End) {
    if self.end == nil { self.end = end }
  }

  /// The signal's values: whether it was dismissed, and a result.
  private func complete(_ values: OpaquePointer?) {
    let library = connection.library
    let values = unsafe values.map { unsafe library.call.g_variant_ref($0) }
    let wasDismissed = unsafe Variant(owning: values ?? nil, of: library)?.value(0)?.truth ?? true
    finish(wasDismissed ? .dismissed : .completed)
  }

  private func subscribe(
    to signal: String, of interface: String, at path: String, by sender: String, argument: String?,
    _ callback: GDBusSignalCallback
  ) {
    let watch = unsafe Unmanaged.passUnretained(self).toOpaque()
    let subscription = unsafe connection.library.call.g_dbus_connection_signal_subscribe(
      connection.connection, sender, interface, signal, path, argument, G_DBUS_SIGNAL_FLAGS_NONE, callback, watch, nil)
    subscriptions.append(subscription)
  }

  /// The watch that a callback was subscribed with, which unsubscribes before it ends.
  private static func at(_ pointer: UnsafeMutableRawPointer?) -> PromptWatch {
    guard let pointer = unsafe pointer else { preconditionFailure("subscribed without a watch") }
    return unsafe Unmanaged.fromOpaque(pointer).takeUnretainedValue()
  }
}

// MARK: - Service connection

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
      let isFull = unsafe error.map { unsafe GErrorReference(owning: $0, of: library).isLimitOfTheBus } ?? false
      throw .unusableBus(address: address.text, reason: isFull ? .full : .unreachable)
    }
    // GDBus otherwise ends the process when the bus goes away.
    unsafe library.call.g_dbus_connection_set_exit_on_close(connection, 0)
    return unsafe GObjectReference(owning: UnsafeMutableRawPointer(connection), of: library)
  }
}

// MARK: - Collections

extension ServiceConnection {
  /// The object path of the service itself.
  static let root = "/org/freedesktop/secrets"

  func isLocked(collection path: String) throws(KeyringError) -> Bool {
    try isLocked(path, "org.freedesktop.Secret.Collection")
  }

  func isLocked(item path: String) throws(KeyringError) -> Bool {
    try isLocked(path, "org.freedesktop.Secret.Item")
  }

  /// Whether GNOME's dialog is there to be asked; without it an unlocking ends as if the user had said no.
  func hasPrompter() throws(KeyringError) -> Bool {
    try call(.nameHasOwner, at: "/org/freedesktop/DBus", "org.gnome.keyring.SystemPrompter")?.truth ?? false
  }

  func label(ofCollection path: String) throws(KeyringError) -> String? {
    try call(.getProperty, at: path, "org.freedesktop.Secret.Collection", "Label")?.text
  }

  private func isLocked(_ path: String, _ interface: String) throws(KeyringError) -> Bool {
    try call(.getProperty, at: path, interface, "Locked")?.truth ?? true
  }
}

// MARK: - Items

extension ServiceConnection {
  /// Its secret, empty where a write was cut off between attributes and secret, or where it is larger than any of ours.
  /// Throws `.locked`.
  func secret(of item: FoundItem) throws(KeyringError) -> SecretBytes {
    let session = unsafe try session().service
    let value = unsafe try library.checked { call, error in
      unsafe call.secret_service_get_secret_for_dbus_path_sync(session, item.path, nil, error)
    }
    if let value = unsafe SecretValueReference(owning: value, of: library) {
      return value.bytes(upTo: ItemSchema.largestSecret) ?? SecretBytes()
    }
    // The service leaves out what is locked, without a word.
    guard try !isLocked(item: item.path) else { throw .locked }
    return SecretBytes()
  }

  func delete(_ item: FoundItem) throws(KeyringError) {
    let session = unsafe try session().service
    _ = unsafe try library.checked { call, error in
      unsafe call.secret_service_delete_item_dbus_path_sync(session, item.path, nil, error)
    }
  }

  /// Creates or replaces the item that has these attributes.
  func store(
    _ secret: borrowing SecretBytes, as item: ItemID, label: String, in collection: String
  ) throws(KeyringError) {
    let schema = ItemSchema(kind: item.kind)
    let form = try SchemaReference(schema, in: library)
    let table = try GHashTableReference(schema.attributes(of: item), in: library)
    guard let value = SecretValueReference(copying: secret, in: library) else { throw .notStored(item) }
    let session = unsafe try session().service
    _ = unsafe try library.checked { call, error in
      unsafe call.secret_service_store_sync(
        session, form.pointer, table.pointer, collection, label, value.pointer, nil, error)
    }
  }
}

// MARK: - Unlocking

extension ServiceConnection {
  /// Asks the user, through the service's own dialog, for as long as the user takes. Tells whether it is open now.
  ///
  /// Throws `.serviceEnded` where the service ends while its dialog is open. libsecret 0.20's own unlocking does not
  /// return then.
  func unlock(collection path: String) throws(KeyringError) -> Bool {
    guard try accepts(unlocking: path) else { return false }
    return try !isLocked(collection: path)
  }

  /// The same for one item: some services, KeePassXC among them, lock each for itself.
  func unlock(_ item: FoundItem) throws(KeyringError) -> Bool {
    guard try accepts(unlocking: item.path) else { return false }
    return try !isLocked(item: item.path)
  }

  /// Whether the user lets us have what is at `path`, or needs not to be asked.
  private func accepts(unlocking path: String) throws(KeyringError) -> Bool {
    let answer = unsafe try answer(
      to: .unlock, at: Self.root, Variant.arguments(paths: [path], in: library))
    guard let prompt = answer?.value(1)?.text, prompt != "/" else { return true }
    return try accepts(prompt: prompt)
  }

  /// Shows a prompt; false where the user dismissed it.
  private func accepts(prompt path: String) throws(KeyringError) -> Bool {
    let watch = PromptWatch(prompt: path, of: self)
    _ = try call(.prompt, at: path, "")
    switch watch.wait() {
    case .completed: return true
    case .dismissed: return false
    case .serviceGone: throw .serviceEnded
    }
  }
}

// MARK: - Service session

/// An encrypted session with the Secret Service, for secrets to cross the bus in.
@safe
final class ServiceSession {
  private let reference: GObjectReference

  /// Opens it on the session bus of this process. Throws `.noService`, `.plainTransport`.
  init(in library: Libsecret) throws(KeyringError) {
    let service = unsafe try library.checked { call, error in unsafe libsecret_open_session(call, error) }
    guard let service = unsafe service else { throw .noService }
    reference = unsafe GObjectReference(owning: UnsafeMutableRawPointer(service), of: library)
    try demandEncryption()
  }

  var service: UnsafeMutablePointer<SecretService> {
    unsafe reference.pointer.assumingMemoryBound(to: SecretService.self)
  }

  /// libsecret falls back to a session in clear without a word.
  private func demandEncryption() throws(KeyringError) {
    let algorithms = unsafe reference.library.call.secret_service_get_session_algorithms(service)
    guard let algorithms = unsafe algorithms, unsafe String(cString: algorithms).hasPrefix("dh-") else {
      throw .plainTransport
    }
  }
}
