import CLibsecret
internal import Secrets

extension ServiceConnection {
  private static let root = "/org/freedesktop/secrets"

  /// The object path of the collection behind a standard alias (`default`, `session`); nil where it is not set.
  func collection(alias: String) throws(KeyringError) -> String? {
    let path = try call(.readAlias, at: Self.root, alias)?.text
    return path == "/" ? nil : path
  }

  /// The object path of the collection whose label, or last path element, is `name`.
  func collection(named name: String) throws(KeyringError) -> String? {
    let paths = try call(.getProperty, at: Self.root, "org.freedesktop.Secret.Service", "Collections")?.paths ?? []
    if let path = paths.last(where: { $0.hasSuffix("/" + name) }) { return path }
    for path in paths.reversed() where try label(ofCollection: path) == name { return path }
    return nil
  }

  func isLocked(collection path: String) throws(KeyringError) -> Bool {
    try isLocked(path, "org.freedesktop.Secret.Collection")
  }

  func isLocked(item path: String) throws(KeyringError) -> Bool {
    try isLocked(path, "org.freedesktop.Secret.Item")
  }

  /// Asks the user, through the service's own dialog, for as long as the user takes. Tells whether it is open now.
  func unlock(collection path: String) throws(KeyringError) -> Bool {
    let paths = CStringVector([path])
    var unlocked: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = unsafe try library.checked { call, error in
      unsafe paths.withPointers { paths in
        let first = unsafe UnsafeMutableRawPointer(paths).assumingMemoryBound(to: UnsafePointer<CChar>?.self)
        return unsafe call.secret_service_unlock_dbus_paths_sync(service, first, nil, &unlocked, error)
      }
    }
    _ = unsafe library.texts(owning: unlocked)
    return count > 0
  }

  /// Whether GNOME's dialog is there to be asked; without it an unlocking ends as if the user had said no.
  func hasPrompter() throws(KeyringError) -> Bool {
    try call(.nameHasOwner, at: "/org/freedesktop/DBus", "org.gnome.keyring.SystemPrompter")?.truth ?? false
  }

  private func label(ofCollection path: String) throws(KeyringError) -> String? {
    try call(.getProperty, at: path, "org.freedesktop.Secret.Collection", "Label")?.text
  }

  private func isLocked(_ path: String, _ interface: String) throws(KeyringError) -> Bool {
    try call(.getProperty, at: path, interface, "Locked")?.truth ?? true
  }
}
