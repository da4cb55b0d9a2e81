package import Secrets

/// The Secret Service, talked to in this process. Its calls may hang for ever, so it belongs into a worker process, where
/// `WorkerStore` puts it; see `KeyringWorker`.
package final class LibsecretStore: SecretStore {
  private let environment: [String: String]
  private let progress: (KeyringPhase) -> Void
  private var opened: ServiceConnection?
  private var folder: KeyringFolder { KeyringFolder(environment: environment) }

  /// Reads `DBUS_SESSION_BUS_ADDRESS`, `XDG_RUNTIME_DIR`, `XDG_DATA_HOME`, `HOME`, `DISPLAY`, `WAYLAND_DISPLAY` and
  /// `DAYPASS_COLLECTION` of `environment`. Tells `progress` before a call that takes a human's or a disk's time, and
  /// whenever the service has answered but more has to be asked.
  package init(environment: [String: String], progress: @escaping (KeyringPhase) -> Void = { _ in }) {
    self.environment = environment
    self.progress = progress
  }

  package func secret(for item: ItemID) throws(KeyringError) -> SecretBytes? {
    let collection = try collection(for: item.kind)
    let found = try matches(of: item, in: collection)
    if !found.isEmpty, !found.contains(where: { $0.state == .locked }) { return try secret(of: item, among: found) }
    // A gnome-keyring that was never unlocked finds none of our items. One that is open now may have been opened since the
    // first search, by another command's dialog.
    try open(collection)
    return try secret(of: item, among: matches(of: item, in: collection))
  }

  package func save(
    _ secret: borrowing SecretBytes, for item: ItemID, label: String
  ) throws(KeyringError) {
    let collection = try collection(for: item.kind)
    try open(collection)
    progress(.writing)
    do throws(KeyringError) {
      try written(item) { () throws(KeyringError) in
        try service().store(secret, as: item, label: label, in: collection)
      }
      try check(secret, of: item, in: collection)
    } catch {
      // It was there when the writing began.
      throw error == .noService ? .serviceEnded : error
    }
  }

  /// Does what writes to disk, for good; the service's own words, which may be about another thing, become facts about
  /// `item`.
  private func written(_ item: ItemID, _ write: () throws(KeyringError) -> Void) throws(KeyringError) {
    do throws(KeyringError) {
      try write()
    } catch {
      guard case .service(let words) = error else { throw error }
      throw .notWritten(item, words)
    }
    switch item.kind {
    case .longTermKey, .rotation: folder.sync()
    case .session: break
    }
  }

  /// Reads back what was stored. A service that was started anew meanwhile is locked, and shows nothing.
  private func check(
    _ secret: borrowing SecretBytes, of item: ItemID, in collection: String
  ) throws(KeyringError) {
    let stored = try self.secret(of: item, among: matches(of: item, in: collection))
    let isStored = stored.withValue { $0.equals(secret) } ?? false
    guard !isStored else { return }
    throw try service().isLocked(collection: collection) ? .locked : .notStored(item)
  }

  package func remove(_ item: ItemID) throws(KeyringError) {
    let collection = try collection(for: item.kind)
    try open(collection)
    progress(.writing)
    for found in try matches(of: item, in: collection) {
      try written(item) { () throws(KeyringError) in try service().delete(found) }
    }
  }

  package func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ListedItem] {
    let collection = try collection(for: kind)
    let schema = ItemSchema(kind: kind)
    var items: [ListedItem] = []
    for found in try service().items(of: schema, with: schema.attributes, in: collection) {
      guard let id = try service().identity(of: found, by: schema) else { continue }
      items.append(ListedItem(id: id, modified: try service().modificationTime(of: found)))
      // As long as it answers, it is waited for.
      if items.count % 20 == 0 { progress(.asking) }
    }
    // Only an open collection can say that it holds none.
    if items.isEmpty, try service().isLocked(collection: collection) { throw .locked }
    return items
  }

  /// The items in `collection` that truly are `item`.
  private func matches(of item: ItemID, in collection: String) throws(KeyringError) -> [FoundItem] {
    let schema = ItemSchema(kind: item.kind)
    var matches: [FoundItem] = []
    for found in try service().items(of: schema, with: schema.attributes(of: item), in: collection)
    where try service().identity(of: found, by: schema) == item {
      matches.append(found)
    }
    return matches
  }

  /// The one secret of `item` among its `matches`.
  private func secret(of item: ItemID, among matches: [FoundItem]) throws(KeyringError) -> SecretBytes? {
    guard matches.count <= 1 else { throw .ambiguous(item, paths: matches.map(\.path).sorted()) }
    guard let match = matches.first else { return nil }
    guard match.state == .unlocked else { throw .locked }
    let secret = try service().secret(of: match)
    // gnome-keyring commits a new item's attributes first and its secret second.
    guard !secret.isEmpty else { throw .damaged(item) }
    return secret
  }

  /// Has the user open `collection` where it is locked.
  private func open(_ collection: String) throws(KeyringError) {
    guard try service().isLocked(collection: collection) else { return progress(.asking) }
    guard somebodyCanBeAsked else { throw .locked }
    progress(.unlocking)
    let isOpen = try service().unlock(collection: collection)
    progress(.asking)
    guard isOpen else { throw try service().hasPrompter() ? .dismissed : .noPrompter }
  }

  /// The object path of the collection that keeps `kind`.
  private func collection(for kind: ItemID.Kind) throws(KeyringError) -> String {
    switch kind {
    case .session: try found(service().collection(alias: "session"), "session")
    case .longTermKey, .rotation: try keyCollection()
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
    progress(.asking)
    return service
  }
}
