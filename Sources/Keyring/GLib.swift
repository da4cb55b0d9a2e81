import CLibsecret
internal import Secrets

/// An error that GLib reported, and what it means for us.
@safe
struct GErrorReference: ~Copyable {
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

/// GLib's and libsecret's own messages: dropped, because they may quote what passes over the bus, and stderr is ours.
enum GLibLog {
  static func silence(_ functions: libsecret_functions) {
    unsafe functions.g_log_set_writer_func({ _, _, _, _ in G_LOG_WRITER_HANDLED }, nil, nil)
  }
}

// MARK: - G object reference

/// One reference to a GObject, given back when its owner ends.
@safe
struct GObjectReference: ~Copyable {
  let pointer: UnsafeMutableRawPointer
  let library: Libsecret

  init(owning pointer: UnsafeMutableRawPointer, of library: Libsecret) {
    unsafe self.pointer = pointer
    self.library = library
  }

  deinit { unsafe library.call.g_object_unref(pointer) }
}

// MARK: - Libsecret

/// The functions of libsecret and GLib, opened on first use.
@safe
struct Libsecret: @unchecked Sendable {
  private let functions: UnsafePointer<libsecret_functions>

  private static let loaded: Libsecret? = {
    guard let functions = unsafe libsecret_load() else { return nil }
    return unsafe Libsecret(functions)
  }()

  private init(_ functions: UnsafePointer<libsecret_functions>) {
    unsafe self.functions = functions
    GLibLog.silence(unsafe functions.pointee)
    GErrorReference.register(in: unsafe functions.pointee)
  }

  /// Opens the library ahead of its use, which takes as long as all else that a worker does before it can ask.
  static func load() { _ = loaded }

  static func opened() throws(KeyringError) -> Libsecret {
    guard let loaded else { throw .libraryMissing("libsecret-1.so.0", package: "libsecret-1-0") }
    return loaded
  }

  var call: libsecret_functions { unsafe functions.pointee }

  /// Calls GLib with a place for its error, and throws what it left there.
  func checked<Result>(
    _ body: (libsecret_functions, UnsafeMutablePointer<UnsafeMutablePointer<GError>?>) -> Result
  ) throws(KeyringError) -> Result {
    var error: UnsafeMutablePointer<GError>?
    let result = unsafe body(call, &error)
    guard let error = unsafe error else { return result }
    throw unsafe GErrorReference(owning: error, of: self).keyringError
  }

  /// The texts of a null-terminated array that GLib gives to its caller to keep.
  func texts(owning array: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
    guard let array = unsafe array else { return [] }
    defer { unsafe call.g_strfreev(array) }
    var texts: [String] = []
    while let text = unsafe array[texts.count] { texts.append(unsafe String(cString: text)) }
    return texts
  }
}

// MARK: - Schema reference

/// A schema as libsecret wants it: a name and the names of its attributes, all of them texts.
@safe
struct SchemaReference: ~Copyable {
  let pointer: UnsafeMutablePointer<SecretSchema>
  private let library: Libsecret

  init(_ schema: ItemSchema, in library: Libsecret) throws(KeyringError) {
    let names = try GHashTableReference(namesOnly: ItemSchema.attributeNames, in: library)
    let pointer = unsafe library.call.secret_schema_newv(schema.name, SECRET_SCHEMA_NONE, names.pointer)
    guard let pointer = unsafe pointer else { throw .service("no schema") }
    unsafe self.pointer = pointer
    self.library = library
  }

  deinit { unsafe library.call.secret_schema_unref(pointer) }
}

// MARK: - Secret value reference

/// A secret in libsecret's own locked memory, which wipes it when the last reference ends.
@safe
struct SecretValueReference: ~Copyable {
  let pointer: OpaquePointer
  private let library: Libsecret

  init?(owning pointer: OpaquePointer?, of library: Libsecret) {
    guard let pointer = unsafe pointer else { return nil }
    unsafe self.pointer = pointer
    self.library = library
  }

  init?(copying secret: borrowing SecretBytes, in library: Libsecret) {
    let value = unsafe secret.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe library.call.secret_value_new(
          buffer.baseAddress?.assumingMemoryBound(to: CChar.self), gssize(buffer.count), "application/octet-stream")
      }
    }
    unsafe self.init(owning: value, of: library)
  }

  deinit { unsafe library.call.secret_value_unref(UnsafeMutableRawPointer(pointer)) }

  /// The bytes, all of them: a zero byte ends nothing. Nil where they are more than `limit`.
  func bytes(upTo limit: Int) -> SecretBytes? {
    var count: gsize = 0
    let start = unsafe library.call.secret_value_get(pointer, &count)
    guard count <= limit else { return nil }
    let buffer = unsafe UnsafeRawBufferPointer(start: start, count: Int(count)).bindMemory(to: UInt8.self)
    return SecretBytes(copying: unsafe buffer.span)
  }
}

// MARK: - String table

/// A GHashTable from text to text, which owns both.
@safe
struct GHashTableReference: ~Copyable {
  let pointer: OpaquePointer
  private let library: Libsecret

  init(owning pointer: OpaquePointer, of library: Libsecret) {
    unsafe self.pointer = pointer
    self.library = library
  }

  init(_ entries: [String: String], in library: Libsecret) throws(KeyringError) {
    try self.init(emptyIn: library)
    for (key, value) in entries {
      _ = unsafe library.call.g_hash_table_insert(
        pointer, library.call.g_strdup(key), library.call.g_strdup(value))
    }
  }

  /// A table in which each name has the value null, which is how a schema says "text".
  init(namesOnly names: [String], in library: Libsecret) throws(KeyringError) {
    try self.init(emptyIn: library)
    for name in names { _ = unsafe library.call.g_hash_table_insert(pointer, library.call.g_strdup(name), nil) }
  }

  private init(emptyIn library: Libsecret) throws(KeyringError) {
    let call = library.call
    let table = unsafe call.g_hash_table_new_full(call.g_str_hash, call.g_str_equal, call.g_free, call.g_free)
    guard let table = unsafe table else { throw .service("no memory for a table") }
    unsafe self.init(owning: table, of: library)
  }

  deinit { unsafe library.call.g_hash_table_unref(pointer) }
}

// MARK: - Variant

/// A D-Bus value.
@safe
struct Variant: ~Copyable {
  private let pointer: OpaquePointer
  private let library: Libsecret

  init?(owning pointer: OpaquePointer?, of library: Libsecret) {
    guard let pointer = unsafe pointer else { return nil }
    unsafe self.pointer = pointer
    self.library = library
  }

  deinit { unsafe library.call.g_variant_unref(pointer) }

  /// The arguments of a D-Bus call: texts only. The callee takes the reference.
  static func arguments(_ texts: [String], in library: Libsecret) -> OpaquePointer? {
    let children = unsafe texts.map { unsafe library.call.g_variant_new_string($0) }
    return unsafe library.call.g_variant_new_tuple(children, gsize(children.count))
  }

  /// The arguments of a D-Bus call: one list of object paths.
  static func arguments(paths: [String], in library: Libsecret) -> OpaquePointer? {
    let children = unsafe paths.map { unsafe library.call.g_variant_new_object_path($0) }
    let list = unsafe library.call.g_variant_new_array(nil, children, gsize(children.count))
    return unsafe library.call.g_variant_new_tuple([list], 1)
  }

  /// The arguments of a D-Bus call: one table of texts.
  static func arguments(table: [String: String], in library: Libsecret) -> OpaquePointer? {
    let call = library.call
    let entries = unsafe table.map { name, value in
      unsafe call.g_variant_new_dict_entry(call.g_variant_new_string(name), call.g_variant_new_string(value))
    }
    return unsafe call.g_variant_new_tuple([call.g_variant_new_array(nil, entries, gsize(entries.count))], 1)
  }

  /// A value of an answer, taken out of its envelope where it has one; nil where the answer has fewer.
  func value(_ position: Int) -> Variant? {
    guard isOfType("r"), count > position else { return nil }
    return child(position)?.unwrapped()
  }

  var text: String? {
    guard isOfType("s") || isOfType("o") else { return nil }
    return unsafe library.call.g_variant_get_string(pointer, nil).map { unsafe String(cString: $0) }
  }

  /// Of 32 or 64 bits, without a sign; nil for anything else, and for what does not fit.
  var number: Int? {
    if isOfType("u") { return unsafe Int(library.call.g_variant_get_uint32(pointer)) }
    return isOfType("t") ? unsafe Int(exactly: library.call.g_variant_get_uint64(pointer)) : nil
  }

  var truth: Bool? {
    isOfType("b") ? unsafe library.call.g_variant_get_boolean(pointer) != 0 : nil
  }

  /// The number of values in a list, table or entry.
  var count: Int { Int(unsafe library.call.g_variant_n_children(pointer)) }

  /// One of `count` values.
  func child(_ index: Int) -> Variant? {
    unsafe Variant(owning: library.call.g_variant_get_child_value(pointer, gsize(index)), of: library)
  }

  private consuming func unwrapped() -> Variant? {
    guard isOfType("v") else { return self }
    return unsafe Variant(owning: library.call.g_variant_get_variant(pointer), of: library)
  }

  func isOfType(_ signature: String) -> Bool {
    unsafe signature.withCString { unsafe library.call.g_variant_is_of_type(pointer, OpaquePointer($0)) != 0 }
  }
}

// MARK: - Containers

/// D-Bus values that hold others.
extension Variant {
  /// Object paths, `ao`; nil for anything else.
  var paths: [String]? {
    guard isOfType("ao") else { return nil }
    return (0..<count).compactMap { child($0)?.text }
  }

  /// A table of texts, `a{ss}`; nil for anything else.
  var table: [String: String]? {
    guard isOfType("a{ss}") else { return nil }
    var table: [String: String] = [:]
    for index in 0..<count {
      guard let entry = child(index), let name = entry.child(0)?.text else { continue }
      table[name] = entry.child(1)?.text
    }
    return table
  }
}
