extension ServiceConnection {
  /// The object path of the service itself.
  static let root = "/org/freedesktop/secrets"

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

  func label(ofCollection path: String) throws(KeyringError) -> String? {
    try call(.getProperty, at: path, "org.freedesktop.Secret.Collection", "Label")?.text
  }

  private func isLocked(_ path: String, _ interface: String) throws(KeyringError) -> Bool {
    try call(.getProperty, at: path, interface, "Locked")?.truth ?? true
  }
}
