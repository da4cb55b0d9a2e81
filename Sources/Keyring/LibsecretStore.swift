import Glibc
package import Secrets

/// The Secret Service, talked to in this process. Its calls may hang for ever, so it belongs into a worker process, where
/// `WorkerStore` puts it; see `KeyringWorker`.
package final class LibsecretStore: SecretStore {
  private let environment: [String: String]
  private var progress: CallProgress
  private let found: (Int32) -> Void
  private var opened: ServiceConnection?
  private var folder: KeyringFolder { KeyringFolder(environment: environment) }

  /// Reads `DBUS_SESSION_BUS_ADDRESS`, `XDG_RUNTIME_DIR`, `XDG_DATA_HOME`, `HOME`, `DISPLAY`, `WAYLAND_DISPLAY` and
  /// `DAYPASS_COLLECTION` of `environment`. Tells `progress` before a call that takes a human's or a disk's time, and
  /// whenever the service has answered but more has to be asked; tells `found` which process the service is.
  package init(
    environment: [String: String], progress: @escaping (KeyringPhase) -> Void = { _ in },
    found: @escaping (Int32) -> Void = { _ in }
  ) {
    self.environment = environment
    self.progress = CallProgress(telling: progress)
    self.found = found
  }

  /// Says that another call has begun.
  func begin() { progress.enter(.asking) }

  /// Says, now and then, that the service has answered and more has to be asked.
  func goOn() { progress.goOn() }

  package func secret(for item: ItemID) throws(KeyringError) -> SecretBytes? {
    let question = try CollectionQuestion(collectionName(for: item.kind), to: service())
    let search = try search(for: item)
    // The keyring answers both while this gets ready, which takes longer.
    _ = try service().session()
    let collection = try question.path()
    let found = try search.items(in: collection)
    if !found.isEmpty, !found.contains(where: { $0.state == .locked }) { return try secret(of: item, among: found) }
    // A gnome-keyring that was never unlocked finds none of our items. One that is open now may have been opened since the
    // first search, by another command's dialog.
    try open(collection)
    return try secret(of: item, among: self.search(for: item).items(in: collection))
  }

  package func save(
    _ secret: borrowing SecretBytes, for item: ItemID, label: String
  ) throws(KeyringError) {
    let collection = try collection(for: item.kind)
    try open(collection)
    progress.enter(.writing)
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
    let stored = try self.secret(of: item, among: search(for: item).items(in: collection))
    let isStored = stored.withValue { $0.equals(secret) } ?? false
    guard !isStored else { return }
    throw try service().isLocked(collection: collection) ? .locked : .notStored(item)
  }

  package func remove(_ item: ItemID) throws(KeyringError) {
    let collection = try collection(for: item.kind)
    try open(collection)
    progress.enter(.writing)
    for found in try matches(of: item, in: collection) {
      try written(item) { () throws(KeyringError) in try service().delete(found) }
    }
  }

  package func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ListedItem] {
    let collection = try collection(for: kind)
    let schema = ItemSchema(kind: kind)
    var items: [ListedItem] = []
    let found = try ItemSearch(for: schema, schema.attributes, by: service()).items(in: collection)
    // Two calls for each item; a bus lets as few as 128 wait for their answers.
    for first in stride(from: 0, to: found.count, by: 50) {
      items += try listed(found[first..<min(first + 50, found.count)], schema)
    }
    // Only an open collection can say that it holds none.
    if items.isEmpty, try service().isLocked(collection: collection) { throw .locked }
    return items
  }

  /// Has the user open `collection` where it is locked.
  private func open(_ collection: String) throws(KeyringError) {
    guard try service().isLocked(collection: collection) else { return progress.enter(.asking) }
    try open { () throws(KeyringError) in try service().unlock(collection: collection) }
  }

  /// Has the user open what `unlock` asks for.
  func open(_ unlock: () throws(KeyringError) -> Bool) throws(KeyringError) {
    guard somebodyCanBeAsked else { throw .locked }
    progress.enter(.unlocking)
    let isOpen = try unlock()
    progress.enter(.asking)
    guard isOpen else { throw try service().hasPrompter() ? .dismissed : .noPrompter }
  }

  /// The object path of the collection that keeps `kind`, in a service that encrypts.
  private func collection(for kind: ItemID.Kind) throws(KeyringError) -> String {
    let question = try CollectionQuestion(collectionName(for: kind), to: service())
    _ = try service().session()
    return try question.path()
  }

  private func collectionName(for kind: ItemID.Kind) -> CollectionName {
    switch kind {
    case .session: return .alias("session")
    case .longTermKey, .rotation:
      guard let name = environment["DAYPASS_COLLECTION"], !name.isEmpty else { return .alias("default") }
      return .label(name)
    }
  }

  private var somebodyCanBeAsked: Bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
  }

  func service() throws(KeyringError) -> ServiceConnection {
    if let opened {
      goOn()
      return opened
    }
    let service = try connection()
    opened = service
    // Either says that the bus has answered.
    if let process = try service.process() { found(process) } else { progress.enter(.asking) }
    return service
  }

  /// Connects to the bus; where it has as many connections as it takes, again once others may have ended theirs.
  private func connection() throws(KeyringError) -> ServiceConnection {
    let bus = SessionBus(environment: environment)
    for _ in 0..<100 {
      do throws(KeyringError) {
        return try ServiceConnection(to: bus.address())
      } catch {
        guard case .unusableBus(_, .full) = error else { throw error }
        progress.enter(.asking)
        usleep(100_000)
      }
    }
    return try ServiceConnection(to: bus.address())
  }
}
