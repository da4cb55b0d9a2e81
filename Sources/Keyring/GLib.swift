import CLibsecret
import Glibc
internal import POSIX
internal import Secrets

/// The functions of libsecret and of GLib, opened on first use.
@safe
struct Libsecret: @unchecked Sendable {
  private let functions: UnsafePointer<libsecret_functions>

  private static let loaded: Libsecret? = {
    forgetOtherVariables()
    guard let functions = unsafe libsecret_load() else { return nil }
    return unsafe Libsecret(functions)
  }()

  private init(_ functions: UnsafePointer<libsecret_functions>) {
    unsafe self.functions = functions
    // GLib's own messages are dropped: they may quote what crosses the bus, and stderr is ours.
    unsafe call.g_log_set_writer_func({ _, _, _, _ in G_LOG_WRITER_HANDLED }, nil, nil)
    GErrorReference.register(in: call)
  }

  /// Leaves only the variables with which GLib finds folders and the display, and glibc the time zone. Others make GLib
  /// print what crosses the bus, load modules, or keep secrets elsewhere. Children get the environment that was read when
  /// the process started.
  private static func forgetOtherVariables() {
    let needed = [
      "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "HOME", "USER", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
      "LANG", "LANGUAGE", "TZ", "TZDIR",
    ]
    var names: [String] = []
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let name = unsafe String(Substring(String(cString: text).utf8.prefix { $0 != UInt8(ascii: "=") }))
      if !needed.contains(name), !name.hasPrefix("LC_") { names.append(name) }
      unsafe entry += 1
    }
    for name in names { unsafe unsetenv(name) }
  }

  /// - Throws: `.libraryMissing`.
  static func opened() throws(SecretStoreError) -> Libsecret {
    // GLib ends the process if it gets no descriptor for its event loop.
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 || limit.rlim_cur >= fewestFiles
    else {
      throw .secretService(.other("at most \(limit.rlim_cur) files may be open (ulimit -n)"))
    }
    guard hasRoom else {
      throw .secretService(.other("less than \(room >> 20) MiB of address space are left (ulimit -v)"))
    }
    guard let loaded else {
      throw .secretService(.libraryMissing(LibraryMissing("libsecret-1.so.0", package: "libsecret-1-0")))
    }
    return loaded
  }

  private static let fewestFiles: rlim_t = 16

  /// Whether GLib and its threads find room in the address space: it ends the process if it gets no memory.
  private static var hasRoom: Bool {
    let start = unsafe mmap(nil, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard unsafe start != MAP_FAILED else { return false }
    return unsafe munmap(start, room) == 0
  }

  /// Bytes: some stacks, and what malloc(3) reserves for each thread.
  private static let room = 256 << 20

  var call: libsecret_functions { unsafe functions.pointee }

  /// Calls GLib with a place for its error, and throws what it left there.
  func checked<Result>(
    _ body: (libsecret_functions, UnsafeMutablePointer<UnsafeMutablePointer<GError>?>) -> Result
  ) throws(SecretStoreError) -> Result {
    var error: UnsafeMutablePointer<GError>?
    let result = unsafe body(call, &error)
    guard let error = unsafe error else { return result }
    throw unsafe GErrorReference(owning: error, of: self).storeError
  }
}

// MARK: - Errors

/// An error that GLib reported, and what it means for us.
@safe
private struct GErrorReference: ~Copyable {
  /// Our numbers, among libsecret's, for errors that it has none for.
  private enum Code: gint, CaseIterable {
    /// A service that was replaced does not know the session we had with the one before.
    case noSession = 1000
    /// gnome-keyring was given a wrong password.
    case denied

    var name: String {
      switch self {
      case .noSession: "org.freedesktop.Secret.Error.NoSession"
      case .denied: "org.gnome.keyring.Error.Denied"
      }
    }
  }

  private let error: UnsafeMutablePointer<GError>
  private let library: Libsecret

  init(owning error: UnsafeMutablePointer<GError>, of library: Libsecret) {
    unsafe self.error = error
    self.library = library
  }

  deinit { unsafe library.call.g_error_free(error) }

  /// Once per process.
  static func register(in functions: libsecret_functions) {
    for code in Code.allCases {
      _ = unsafe functions.g_dbus_error_register_error(functions.secret_error_get_quark(), code.rawValue, code.name)
    }
  }

  var storeError: SecretStoreError {
    let code = unsafe error.pointee.code
    return switch unsafe error.pointee.domain {
    case library.call.secret_error_get_quark(): secretServiceError(code)
    case library.call.g_dbus_error_quark(): busError(UInt32(bitPattern: code))
    case library.call.g_io_error_quark(): streamError(UInt32(bitPattern: code))
    default: .secretService(.other(words))
    }
  }

  private func secretServiceError(_ code: gint) -> SecretStoreError {
    switch code {
    case gint(SECRET_ERROR_IS_LOCKED.rawValue): .locked
    case gint(SECRET_ERROR_NO_SUCH_OBJECT.rawValue), Code.noSession.rawValue: .secretService(.changed)
    case Code.denied.rawValue: .secretService(.wrongPassword)
    default: .secretService(.other(words))
    }
  }

  private func busError(_ code: UInt32) -> SecretStoreError {
    switch code {
    case G_DBUS_ERROR_SERVICE_UNKNOWN.rawValue, G_DBUS_ERROR_NAME_HAS_NO_OWNER.rawValue: .secretService(.noService)
    case G_DBUS_ERROR_SPAWN_EXEC_FAILED.rawValue...G_DBUS_ERROR_SPAWN_NO_MEMORY.rawValue: .secretService(.noService)
    case G_DBUS_ERROR_NO_REPLY.rawValue, G_DBUS_ERROR_DISCONNECTED.rawValue: .secretService(.serviceEnded)
    // gnome-keyring's answer for an item or collection that does not exist.
    case G_DBUS_ERROR_UNKNOWN_METHOD.rawValue, G_DBUS_ERROR_UNKNOWN_OBJECT.rawValue: .secretService(.changed)
    case G_DBUS_ERROR_NOT_SUPPORTED.rawValue: .secretService(.plainTransport)
    case G_DBUS_ERROR_LIMITS_EXCEEDED.rawValue: .secretService(.unusableBus(address: "", reason: .full))
    default: .secretService(.other(words))
    }
  }

  private func streamError(_ code: UInt32) -> SecretStoreError {
    switch code {
    case G_IO_ERROR_CLOSED.rawValue, G_IO_ERROR_BROKEN_PIPE.rawValue: .secretService(.serviceEnded)
    default: .secretService(.other(words))
    }
  }

  private var words: String {
    _ = unsafe library.call.g_dbus_error_strip_remote_error(error)
    return unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? ""
  }
}

// MARK: - Objects

/// One reference to a GObject, released when its owner ends.
@safe
struct GObjectReference: ~Copyable {
  let pointer: UnsafeMutableRawPointer
  private let library: Libsecret

  init(owning pointer: UnsafeMutableRawPointer, of library: Libsecret) {
    unsafe self.pointer = pointer
    self.library = library
  }

  deinit { unsafe library.call.g_object_unref(pointer) }
}

// MARK: - Event loop

/// GLib's event loop for one connection. It runs only while we wait for something, and nothing that belongs to an abandoned
/// connection ever runs again.
@safe
final class EventLoop {
  /// Time is counted in ticks instead of read from a clock: a process that is stopped, or a machine that sleeps, does not
  /// tick, and what we wait for had no chance either.
  private static let tick = Duration.milliseconds(250)

  let library: Libsecret
  private let context: OpaquePointer?
  private var timer: UnsafeMutablePointer<GSource>?
  private var ticks = 0

  init(of library: Libsecret) {
    self.library = library
    let call = library.call
    unsafe context = call.g_main_context_new()
    unsafe timer = call.g_timeout_source_new(guint(Self.tick / .milliseconds(1)))
    let itself = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe call.g_source_set_callback(timer, { unsafe EventLoop.tick($0) }, itself, nil)
    _ = unsafe call.g_source_attach(timer, context)
  }

  deinit {
    unsafe library.call.g_source_destroy(timer)
    unsafe library.call.g_source_unref(timer)
    unsafe library.call.g_main_context_unref(context)
  }

  /// Has what `body` sends answered in this loop.
  func use<Result: ~Copyable>(
    _ body: () throws(SecretStoreError) -> Result
  ) throws(SecretStoreError) -> Result {
    unsafe library.call.g_main_context_push_thread_default(context)
    defer { unsafe library.call.g_main_context_pop_thread_default(context) }
    return try body()
  }

  /// Runs until `isDone`, for at most `limit`. Tells whether it is done.
  func run(for limit: Duration, until isDone: () -> Bool) -> Bool {
    ticks = 0
    while !isDone() {
      guard Self.tick * ticks <= limit else { return false }
      _ = unsafe library.call.g_main_context_iteration(context, 1)
    }
    return true
  }

  private static func tick(_ loop: UnsafeMutableRawPointer?) -> gboolean {
    if let loop = unsafe loop { unsafe Unmanaged<EventLoop>.fromOpaque(loop).takeUnretainedValue().ticks += 1 }
    return 1
  }
}

// MARK: - Secret values

/// A secret in libsecret's memory, which is locked and wiped.
@safe
struct SecretValueReference: ~Copyable {
  let pointer: OpaquePointer
  private let library: Libsecret

  init?(owning pointer: OpaquePointer?, of library: Libsecret) {
    guard let pointer = unsafe pointer else { return nil }
    unsafe self.pointer = pointer
    self.library = library
  }

  init?(copying secret: borrowing SecretBytes, contentType: String, in library: Libsecret) {
    let value = unsafe secret.withBytes { bytes in
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe library.call.secret_value_new(
          buffer.baseAddress?.assumingMemoryBound(to: CChar.self), gssize(buffer.count), contentType)
      }
    }
    unsafe self.init(owning: value, of: library)
  }

  deinit { unsafe library.call.secret_value_unref(UnsafeMutableRawPointer(pointer)) }

  /// All bytes, including zero bytes. Nil if there are more than `limit`.
  func bytes(upTo limit: Int) -> SecretBytes? {
    var count: gsize = 0
    let start = unsafe library.call.secret_value_get(pointer, &count)
    guard count <= limit else { return nil }
    let buffer = unsafe UnsafeRawBufferPointer(start: start, count: Int(count)).bindMemory(to: UInt8.self)
    return SecretBytes(copying: unsafe buffer.span)
  }
}

// MARK: - Variants

/// A D-Bus value.
@safe
struct Variant: ~Copyable {
  let pointer: OpaquePointer
  private let library: Libsecret

  init?(owning pointer: OpaquePointer?, of library: Libsecret) {
    guard let pointer = unsafe pointer else { return nil }
    unsafe self.pointer = pointer
    self.library = library
  }

  /// Another reference to a value that GLib lends to a callback.
  init?(borrowing pointer: OpaquePointer?, of library: Libsecret) {
    unsafe self.init(owning: pointer.flatMap { unsafe library.call.g_variant_ref($0) }, of: library)
  }

  deinit { unsafe library.call.g_variant_unref(pointer) }

  /// A value of a reply, taken out of its envelope if it has one; nil if the reply has fewer.
  func value(_ position: Int) -> Variant? {
    guard isOfType("r"), count > position else { return nil }
    return child(position)?.unwrapped()
  }

  var text: String? {
    guard isOfType("s") || isOfType("o") else { return nil }
    return unsafe library.call.g_variant_get_string(pointer, nil).map { unsafe String(cString: $0) }
  }

  /// An unsigned 64-bit number; nil for anything else, and for what does not fit.
  var number: Int? {
    isOfType("t") ? unsafe Int(exactly: library.call.g_variant_get_uint64(pointer)) : nil
  }

  var truth: Bool? {
    isOfType("b") ? unsafe library.call.g_variant_get_boolean(pointer) != 0 : nil
  }

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

  /// The number of values in a list, table or entry.
  var count: Int { Int(unsafe library.call.g_variant_n_children(pointer)) }

  /// One of `count` values.
  func child(_ index: Int) -> Variant? {
    unsafe Variant(owning: library.call.g_variant_get_child_value(pointer, gsize(index)), of: library)
  }

  func isOfType(_ signature: String) -> Bool {
    unsafe signature.withCString { unsafe library.call.g_variant_is_of_type(pointer, OpaquePointer($0)) != 0 }
  }

  private consuming func unwrapped() -> Variant? {
    guard isOfType("v") else { return self }
    return unsafe Variant(owning: library.call.g_variant_get_variant(pointer), of: library)
  }
}

/// An argument of a D-Bus call.
@safe
enum Argument {
  case text(String)
  case path(String)
  case paths([String])
  /// `a{ss}`.
  case table([String: String])
  /// `a{sv}`.
  case properties([String: Argument])
  case flag(on: Bool)
  /// A secret that libsecret encrypted; the call takes it over.
  case secret(OpaquePointer)

  /// A tuple of `arguments`, for a call that takes it over.
  static func tuple(_ arguments: [Argument], in library: Libsecret) -> OpaquePointer? {
    unsafe library.call.g_variant_new_tuple(arguments.map { unsafe $0.value(in: library.call) }, gsize(arguments.count))
  }

  private func value(in call: libsecret_functions) -> OpaquePointer? {
    switch self {
    case .text(let text): return unsafe call.g_variant_new_string(text)
    case .path(let path): return unsafe call.g_variant_new_object_path(path)
    case .flag(let isOn): return unsafe call.g_variant_new_boolean(isOn ? 1 : 0)
    case .secret(let encrypted): return unsafe encrypted
    case .paths(let paths): return unsafe Self.array(paths.map { unsafe call.g_variant_new_object_path($0) }, call)
    case .table(let table):
      let entries = unsafe table.map { name, value in
        unsafe call.g_variant_new_dict_entry(call.g_variant_new_string(name), call.g_variant_new_string(value))
      }
      return unsafe Self.array(entries, call)
    case .properties(let properties):
      let entries = unsafe properties.map { name, value in
        unsafe call.g_variant_new_dict_entry(
          call.g_variant_new_string(name), call.g_variant_new_variant(value.value(in: call)))
      }
      return unsafe Self.array(entries, call)
    }
  }

  /// An array of `values`, of which there is at least one: the first gives the type.
  private static func array(_ values: [OpaquePointer?], _ call: libsecret_functions) -> OpaquePointer? {
    unsafe call.g_variant_new_array(nil, values, gsize(values.count))
  }
}
