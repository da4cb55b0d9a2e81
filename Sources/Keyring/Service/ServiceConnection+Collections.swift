import CLibsecret

extension ServiceConnection {
  /// The object path of the collection behind a standard alias (`default`, `session`); nil where it is not set.
  func collection(alias: String) throws(KeyringError) -> String? {
    guard let path = try call(.readAlias, at: "/org/freedesktop/secrets", alias)?.text else {
      throw .service("ReadAlias gave something else than an object")
    }
    return path == "/" ? nil : path
  }

  /// The object path of the collection whose label, or last path element, is `name`.
  func collection(named name: String) throws(KeyringError) -> String? {
    var byLabel: String?
    var byPath: String?
    unsafe try collections().visit { object in
      let path = unsafe path(of: object)
      if unsafe label(of: object) == name { byLabel = path }
      if path.hasSuffix("/" + name) { byPath = path }
    }
    return byPath ?? byLabel
  }

  func isLocked(collection path: String) throws(KeyringError) -> Bool {
    try call(.getProperty, at: path, "org.freedesktop.Secret.Collection", "Locked")?.truth ?? true
  }

  /// Whether GNOME's dialog is there to be asked; without it an unlocking ends as if the user had said no.
  func hasPrompter() throws(KeyringError) -> Bool {
    try call(.nameHasOwner, at: "/org/freedesktop/DBus", "org.gnome.keyring.SystemPrompter")?.truth ?? false
  }

  private func collections() throws(KeyringError) -> ObjectList {
    _ = unsafe try library.checked { call, error in
      unsafe call.secret_service_load_collections_sync(service, nil, error)
    }
    return unsafe ObjectList(owning: library.call.secret_service_get_collections(service), of: library)
  }

  private func path(of object: UnsafeMutableRawPointer) -> String {
    let proxy = unsafe object.assumingMemoryBound(to: GDBusProxy.self)
    return unsafe library.call.g_dbus_proxy_get_object_path(proxy).map { unsafe String(cString: $0) } ?? ""
  }

  private func label(of object: UnsafeMutableRawPointer) -> String? {
    let collection = unsafe object.assumingMemoryBound(to: SecretCollection.self)
    return unsafe library.text(owning: library.call.secret_collection_get_label(collection))
  }
}
