import CLibsecret

/// A schema as libsecret wants it: a name and the names of its attributes, all of them texts.
@safe
struct SchemaReference: ~Copyable {
  let pointer: UnsafeMutablePointer<SecretSchema>
  private let library: Libsecret

  init(_ schema: ItemSchema, in library: Libsecret) throws(KeyringError) {
    let names = try StringTable(namesOnly: ItemSchema.attributeNames, in: library)
    let pointer = unsafe library.call.secret_schema_newv(schema.name, SECRET_SCHEMA_NONE, names.pointer)
    guard let pointer = unsafe pointer else { throw .service("no schema") }
    unsafe self.pointer = pointer
    self.library = library
  }

  deinit { unsafe library.call.secret_schema_unref(pointer) }
}
