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

  /// The first value of an answer, taken out of its envelope where it has one.
  var first: Variant? {
    guard isOfType("(*)") else { return nil }
    return child(0)?.unwrapped()
  }

  var text: String? {
    guard isOfType("s") || isOfType("o") else { return nil }
    return unsafe library.call.g_variant_get_string(pointer, nil).map { unsafe String(cString: $0) }
  }

  var truth: Bool? {
    isOfType("b") ? unsafe library.call.g_variant_get_boolean(pointer) != 0 : nil
  }

  /// Object paths; nil where it is something else.
  var paths: [String]? {
    guard isOfType("ao") else { return nil }
    return (0..<childCount).compactMap { child($0)?.text }
  }

  /// A dictionary of texts; nil where it is something else.
  var textByText: [String: String]? {
    guard isOfType("a{ss}") else { return nil }
    var entries: [String: String] = [:]
    for index in 0..<childCount {
      guard let entry = child(index), let key = entry.child(0)?.text else { continue }
      entries[key] = entry.child(1)?.text
    }
    return entries
  }

  private var childCount: gsize { unsafe library.call.g_variant_n_children(pointer) }

  private func child(_ index: gsize) -> Variant? {
    unsafe Variant(owning: library.call.g_variant_get_child_value(pointer, index), of: library)
  }

  private consuming func unwrapped() -> Variant? {
    guard isOfType("v") else { return self }
    return unsafe Variant(owning: library.call.g_variant_get_variant(pointer), of: library)
  }

  private func isOfType(_ signature: String) -> Bool {
    unsafe signature.withCString { unsafe library.call.g_variant_is_of_type(pointer, OpaquePointer($0)) != 0 }
  }
}
