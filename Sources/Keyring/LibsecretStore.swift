package import Secrets

/// The Secret Service, talked to in this process. Its calls may hang for ever, so it belongs into a worker process, where
/// `WorkerStore` puts it; see `KeyringWorker`.
package final class LibsecretStore: SecretStore {
  private let environment: [String: String]
  private let progress: (KeyringPhase) -> Void
  private var opened: ServiceConnection?

  /// Reads `DBUS_SESSION_BUS_ADDRESS`, `XDG_RUNTIME_DIR`, `DISPLAY`, `WAYLAND_DISPLAY` and `DAYPASS_COLLECTION` of
  /// `environment`, and tells `progress` before a call that takes a human's or a disk's time.
  package init(environment: [String: String], progress: @escaping (KeyringPhase) -> Void = { _ in }) {
    self.environment = environment
    self.progress = progress
  }

  package func secret(for item: ItemID) throws(KeyringError) -> SecretBytes? {
    try match(item, in: unlockedCollection(for: item.kind))
  }

  package func save(
    _ secret: borrowing SecretBytes, for item: ItemID, label: String
  ) throws(KeyringError) {
    let collection = try unlockedCollection(for: item.kind)
    progress(.writing)
    try written(item) { () throws(KeyringError) in
      try service().store(secret, as: item, label: label, in: collection)
    }
    let isStored = try match(item, in: collection).withValue { $0.equals(secret) } ?? false
    guard isStored else { throw .notStored(item) }
  }

  package func remove(_ item: ItemID) throws(KeyringError) {
    let collection = try unlockedCollection(for: item.kind)
    let schema = ItemSchema(kind: item.kind)
    progress(.writing)
    try service().visitItems(of: schema, with: schema.attributes(of: item), in: collection) {
      (found, identity) throws(KeyringError) in
      try written(identity) { () throws(KeyringError) in try found.delete() }
    }
  }

  package func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ItemID] {
    let collection = try collection(for: kind)
    let schema = ItemSchema(kind: kind)
    var items: [ItemID] = []
    try service().visitItems(of: schema, with: schema.attributes, in: collection) { _, item in items.append(item) }
    // Only an open collection can say that it holds none.
    if items.isEmpty, try service().isLocked(collection: collection) { throw .locked }
    return items
  }

  /// Does what writes to disk; the service's own words, which may be about another thing, become facts about `item`.
  private func written(_ item: ItemID, _ write: () throws(KeyringError) -> Void) throws(KeyringError) {
    do throws(KeyringError) {
      try write()
    } catch {
      guard case .service(let words) = error else { throw error }
      throw .notWritten(item, words)
    }
  }

  /// The one secret of `item` in `collection`.
  private func match(_ item: ItemID, in collection: String) throws(KeyringError) -> SecretBytes? {
    let schema = ItemSchema(kind: item.kind)
    var paths: [String] = []
    var secret: SecretBytes?
    try service().visitItems(of: schema, with: schema.attributes(of: item), in: collection) {
      (found, identity) throws(KeyringError) in
      guard identity == item else { return }
      paths.append(found.path)
      guard !found.isLocked else { throw .locked }
      if paths.count == 1 { secret = try found.secret() }
    }
    guard paths.count <= 1 else { throw .ambiguous(item, paths: paths.sorted()) }
    // gnome-keyring commits a new item's attributes first and its secret second.
    guard secret.withValue({ !$0.isEmpty }) ?? true else { throw .damaged(item) }
    return secret
  }

  /// The object path of the collection that keeps `kind`, open.
  ///
  /// It is opened before it is searched: a gnome-keyring that was never unlocked finds none of our items.
  private func unlockedCollection(for kind: ItemID.Kind) throws(KeyringError) -> String {
    let collection = try collection(for: kind)
    guard try service().isLocked(collection: collection) else { return collection }
    guard somebodyCanBeAsked else { throw .locked }
    try unlock(collection)
    return collection
  }

  private func unlock(_ collection: String) throws(KeyringError) {
    progress(.unlocking)
    let isOpen = try service().unlock(collection: collection)
    progress(.asking)
    guard isOpen else { throw try service().hasPrompter() ? .dismissed : .noPrompter }
    // What libsecret learned of items while they were locked stays as it was then: locked, and without attributes.
    opened = nil
  }

  private func collection(for kind: ItemID.Kind) throws(KeyringError) -> String {
    switch kind {
    case .session: try found(service().collection(alias: "session"), "session")
    case .longTermKey: try keyCollection()
    }
  }

  private func keyCollection() throws(KeyringError) -> String {
    guard let name = environment["DAYPASS_COLLECTION"], !name.isEmpty else {
      return try found(service().collection(alias: "default"), "default")
    }
    return try found(service().collection(named: name), name)
  }

  private func found(_ path: String?, _ name: String) throws(KeyringError) -> String {
    guard let path else { throw .noCollection(name) }
    return path
  }

  private var somebodyCanBeAsked: Bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
  }

  private func service() throws(KeyringError) -> ServiceConnection {
    if let opened { return opened }
    let service = try ServiceConnection(to: SessionBus(environment: environment).address())
    opened = service
    return service
  }
}
