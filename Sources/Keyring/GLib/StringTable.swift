import CLibsecret

/// A GHashTable from text to text, which owns both.
@safe
struct StringTable: ~Copyable {
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
