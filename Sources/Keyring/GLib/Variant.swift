import CLibsecret

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
