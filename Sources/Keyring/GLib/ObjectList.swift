import CLibsecret

/// A list of GObjects that GLib gave us to keep.
@safe
struct ObjectList: ~Copyable {
  private let first: UnsafeMutablePointer<GList>?
  private let library: Libsecret

  init(owning first: UnsafeMutablePointer<GList>?, of library: Libsecret) {
    unsafe self.first = first
    self.library = library
  }

  deinit { unsafe library.call.g_list_free_full(first, library.call.g_object_unref) }

  /// Lends each object to `body`.
  func visit<Failure: Error>(_ body: (UnsafeMutableRawPointer) throws(Failure) -> Void) throws(Failure) {
    var next = unsafe first
    while let node = unsafe next {
      if let object = unsafe node.pointee.data { unsafe try body(object) }
      unsafe next = node.pointee.next
    }
  }
}
