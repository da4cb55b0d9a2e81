import CLibsecret
internal import Secrets

extension ServiceConnection {
  /// The items of ours below `collection` that have these attributes, as the service says. Unlocks nothing, reads no
  /// secret.
  func items(
    of schema: ItemSchema, with attributes: [String: String], in collection: String
  ) throws(KeyringError) -> [FoundItem] {
    let (unlocked, locked) = try search(schema, attributes)
    let found =
      unlocked.map { FoundItem(path: $0, state: .unlocked) } + locked.map { FoundItem(path: $0, state: .locked) }
    return found.filter { $0.path.hasPrefix(collection + "/") }
  }

  /// Whose item this is; nil for one that is not of `schema`, or has other attributes than ours have.
  ///
  /// The service was asked for the same, but what it returned decides about secrets, so it is looked at.
  func identity(of item: FoundItem, by schema: ItemSchema) throws(KeyringError) -> ItemID? {
    let answer = try call(.getProperty, at: item.path, "org.freedesktop.Secret.Item", "Attributes")
    return schema.identity(of: answer?.table ?? [:])
  }

  /// When the service last stored an item, in seconds since 1970; nil where it does not tell, as of a collection that was
  /// never unlocked.
  ///
  /// Asked for all properties at once, gnome-keyring takes longer than for two.
  func modificationTime(of item: FoundItem) throws(KeyringError) -> Int? {
    do throws(KeyringError) {
      let answer = try call(.getProperty, at: item.path, "org.freedesktop.Secret.Item", "Modified")
      let time = answer?.number
      return time == 0 ? nil : time
    } catch {
      guard case .service = error else { throw error }
      return nil
    }
  }

  /// Its secret, empty where a write was cut off between attributes and secret, or where it is larger than any of ours.
  /// Throws `.locked`.
  func secret(of item: FoundItem) throws(KeyringError) -> SecretBytes {
    let value = unsafe try library.checked { call, error in
      unsafe call.secret_service_get_secret_for_dbus_path_sync(service, item.path, nil, error)
    }
    if let value = unsafe SecretValueReference(owning: value, of: library) {
      return value.bytes(upTo: ItemSchema.largestSecret) ?? SecretBytes()
    }
    // The service leaves out what is locked, without a word.
    guard try !isLocked(item: item.path) else { throw .locked }
    return SecretBytes()
  }

  func delete(_ item: FoundItem) throws(KeyringError) {
    _ = unsafe try library.checked { call, error in
      unsafe call.secret_service_delete_item_dbus_path_sync(service, item.path, nil, error)
    }
  }

  /// Creates or replaces the item that has these attributes.
  func store(
    _ secret: borrowing SecretBytes, as item: ItemID, label: String, in collection: String
  ) throws(KeyringError) {
    let schema = ItemSchema(kind: item.kind)
    let form = try SchemaReference(schema, in: library)
    let table = try StringTable(schema.attributes(of: item), in: library)
    guard let value = SecretValueReference(copying: secret, in: library) else { throw .notStored(item) }
    _ = unsafe try library.checked { call, error in
      unsafe call.secret_service_store_sync(
        service, form.pointer, table.pointer, collection, label, value.pointer, nil, error)
    }
  }

  private func search(
    _ schema: ItemSchema, _ attributes: [String: String]
  ) throws(KeyringError) -> (unlocked: [String], locked: [String]) {
    let form = try SchemaReference(schema, in: library)
    let table = try StringTable(attributes, in: library)
    var unlocked: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var locked: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    _ = unsafe try library.checked { call, error in
      unsafe call.secret_service_search_for_dbus_paths_sync(
        service, form.pointer, table.pointer, nil, &unlocked, &locked, error)
    }
    return unsafe (library.texts(owning: unlocked), library.texts(owning: locked))
  }
}
