import CLibsecret

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
