import CLibsecret
internal import Secrets

extension ServiceConnection {
  /// Its secret, empty where a write was cut off between attributes and secret, or where it is larger than any of ours.
  /// Throws `.locked`.
  func secret(of item: FoundItem) throws(KeyringError) -> SecretBytes {
    let session = unsafe try session().service
    let value = unsafe try library.checked { call, error in
      unsafe call.secret_service_get_secret_for_dbus_path_sync(session, item.path, nil, error)
    }
    if let value = unsafe SecretValueReference(owning: value, of: library) {
      return value.bytes(upTo: ItemSchema.largestSecret) ?? SecretBytes()
    }
    // The service leaves out what is locked, without a word.
    guard try !isLocked(item: item.path) else { throw .locked }
    return SecretBytes()
  }

  func delete(_ item: FoundItem) throws(KeyringError) {
    let session = unsafe try session().service
    _ = unsafe try library.checked { call, error in
      unsafe call.secret_service_delete_item_dbus_path_sync(session, item.path, nil, error)
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
    let session = unsafe try session().service
    _ = unsafe try library.checked { call, error in
      unsafe call.secret_service_store_sync(
        session, form.pointer, table.pointer, collection, label, value.pointer, nil, error)
    }
  }
}
