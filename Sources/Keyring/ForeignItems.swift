package import Secrets

// Items of other programs' collections, for those who come from there. Nothing here writes but `remove`.

/// An item with an attribute `profile`, which is all that programs have that keep keys with 99designs/keyring.
package struct ForeignItem: Hashable, Sendable {
  package let profile: String
  /// The schema by which another program marks its items; 99designs/keyring has none.
  package let schema: String?
  let path: String
}

extension SecretServiceStore {
  /// Whether `collection` is open; nil if there is none of that name.
  package func isOpen(collection: String) throws(SecretStoreError) -> Bool? {
    do throws(SecretStoreError) {
      return try withService { (service) throws(SecretStoreError) in
        try !service.isLocked(service.find(.label(collection)).path(), .collection)
      }
    } catch .secretService(.noCollection) {
      return nil
    }
  }

  /// Has the user open `collection` if it is locked.
  ///
  /// - Throws: `.locked` if nobody can be asked.
  package func open(collection: String) throws(SecretStoreError) {
    try withService { (service) throws(SecretStoreError) in
      try open(service.find(.label(collection)).path(), .collection, service)
    }
  }

  /// The items of `collection`, which is open, that name a profile, by profile.
  package func foreignItems(in collection: String) throws(SecretStoreError) -> [ForeignItem] {
    try withService { (service) throws(SecretStoreError) in
      let found = try service.items(ofCollection: service.find(.label(collection)).path())
      var items: [ForeignItem] = []
      // A bus lets as few as 128 calls wait for their replies.
      for start in stride(from: 0, to: found.count, by: 100) {
        let some = found[start..<min(start + 100, found.count)]
        for (item, reply) in zip(some, some.map { service.attributes(of: $0) }) {
          let attributes = try reply.wait().value(0)?.table ?? [:]
          guard let profile = attributes["profile"] else { continue }
          // The name that services give to items that came without one says nothing.
          let schema = attributes["xdg:schema"].flatMap { $0 == "org.freedesktop.Secret.Generic" ? nil : $0 }
          items.append(ForeignItem(profile: profile, schema: schema, path: item.path))
        }
      }
      return items.sorted { ($0.profile, $0.path) < ($1.profile, $1.path) }
    }
  }

  package func secret(of item: ForeignItem) throws(SecretStoreError) -> SecretBytes {
    try withService { (service) throws(SecretStoreError) in
      try readable(FoundItem(path: item.path, state: .locked), service)
    }
  }

  package func remove(_ item: ForeignItem) throws(SecretStoreError) {
    try withService { (service) throws(SecretStoreError) in
      try service.delete(FoundItem(path: item.path, state: .unlocked))
    }
  }
}
