import CLibsecret

/// GLib's and libsecret's own messages: dropped, because they may quote what passes over the bus, and stderr is ours.
enum GLibLog {
  static func silence(_ functions: libsecret_functions) {
    unsafe functions.g_log_set_writer_func({ _, _, _, _ in G_LOG_WRITER_HANDLED }, nil, nil)
  }
}
