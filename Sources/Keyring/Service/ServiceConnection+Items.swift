import CLibsecret
internal import Secrets

extension ServiceConnection {
  /// Lends `body` each item of ours below `collection` that has these attributes. Unlocks nothing, reads no secret.
  func visitItems(
    of schema: ItemSchema, with attributes: [String: String], in collection: String,
    _ body: (borrowing StoredItem, ItemID) throws(KeyringError) -> Void
  ) throws(KeyringError) {
    let found = try search(schema, attributes)
    unsafe try found.visit { (object) throws(KeyringError) in
      let item = unsafe StoredItem(sharing: object, of: library)
      guard item.path.hasPrefix(collection + "/"), let identity = item.identity(by: schema) else { return }
      try body(item, identity)
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

  private func search(_ schema: ItemSchema, _ attributes: [String: String]) throws(KeyringError) -> ObjectList {
    let form = try SchemaReference(schema, in: library)
    let table = try StringTable(attributes, in: library)
    let first = unsafe try library.checked { call, error in
      unsafe call.secret_service_search_sync(service, form.pointer, table.pointer, SECRET_SEARCH_ALL, nil, error)
    }
    return unsafe ObjectList(owning: first, of: library)
  }
}
