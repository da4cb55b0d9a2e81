import CLibsecret
internal import Secrets

/// An item that the service found.
@safe
struct StoredItem: ~Copyable {
  private let object: GObjectReference
  private var library: Libsecret { object.library }
  private var item: UnsafeMutablePointer<SecretItem> {
    unsafe object.pointer.assumingMemoryBound(to: SecretItem.self)
  }

  /// A second reference to `pointer`, which must be a SecretItem.
  init(sharing pointer: UnsafeMutableRawPointer, of library: Libsecret) {
    _ = unsafe library.call.g_object_ref(pointer)
    unsafe object = GObjectReference(owning: pointer, of: library)
  }

  /// The object path, below that of its collection.
  var path: String {
    let proxy = unsafe object.pointer.assumingMemoryBound(to: GDBusProxy.self)
    return unsafe library.call.g_dbus_proxy_get_object_path(proxy).map { unsafe String(cString: $0) } ?? ""
  }

  var isLocked: Bool { unsafe library.call.secret_item_get_locked(item) != 0 }

  /// Whose item this is; nil for one that is not of `schema`, or has other attributes than ours have.
  ///
  /// The service was asked for the same, but what is returned decides about secrets, so it is looked at.
  func identity(by schema: ItemSchema) -> ItemID? {
    let name = unsafe library.text(owning: library.call.secret_item_get_schema_name(item))
    guard name == schema.name, let table = unsafe library.call.secret_item_get_attributes(item) else { return nil }
    let attributes = unsafe StringTable(owning: table, of: library)
    guard let profile = attributes["profile"] else { return nil }
    var expected = schema.attributes(of: ItemID(kind: schema.kind, name: profile))
    expected["xdg:schema"] = attributes["xdg:schema"] == nil ? nil : schema.name
    let same = attributes.count == expected.count && expected.allSatisfy { attributes[$0.key] == $0.value }
    return same ? ItemID(kind: schema.kind, name: profile) : nil
  }

  /// Its secret, empty where a write was cut off between attributes and secret, or where it is larger than any of ours.
  /// Throws `.locked`.
  func secret() throws(KeyringError) -> SecretBytes {
    _ = unsafe try library.checked { call, error in unsafe call.secret_item_load_secret_sync(item, nil, error) }
    let value = unsafe library.call.secret_item_get_secret(item)
    guard let value = unsafe SecretValueReference(owning: value, of: library) else { return SecretBytes() }
    return value.bytes(upTo: ItemSchema.largestSecret) ?? SecretBytes()
  }

  func delete() throws(KeyringError) {
    _ = unsafe try library.checked { call, error in unsafe call.secret_item_delete_sync(item, nil, error) }
  }
}
