extension ServiceConnection {
  /// Lends `body` whose each item of ours below `collection` is, from its attributes only. Unlocks nothing.
  ///
  /// libsecret's own search makes an object of each item, which takes seconds for a thousand.
  func visitIdentities(
    of schema: ItemSchema, in collection: String, _ body: (ItemID) -> Void
  ) throws(KeyringError) {
    let found = try call(.searchItems, at: "/org/freedesktop/secrets", schema.storedAttributes)?.pathsInLists ?? []
    for path in found where path.hasPrefix(collection + "/") {
      let attributes = try call(.getProperty, at: path, "org.freedesktop.Secret.Item", "Attributes")?.table
      if let item = schema.identity(of: attributes ?? [:]) { body(item) }
    }
  }
}
