import CLibsecret

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
