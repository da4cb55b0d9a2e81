extension ServiceConnection {
  private static let root = "/org/freedesktop/secrets"

  /// The object path of the collection behind a standard alias (`default`, `session`); nil where it is not set.
  func collection(alias: String) throws(KeyringError) -> String? {
    guard let path = try call(.readAlias, at: Self.root, alias)?.text else {
      throw .service("ReadAlias gave something else than an object")
    }
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
