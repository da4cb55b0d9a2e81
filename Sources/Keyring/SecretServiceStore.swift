import Glibc
internal import POSIX
package import Secrets

/// The keyring: the Secret Service on the user's session bus (README.md beside this file tells who waits for whom).
package final class SecretServiceStore: SecretStore {
  private let environment: [String: String]
  private let timeouts: KeyringTimeouts
  private let progress: (KeyringPhase) -> Void
  private var connection: SecretServiceConnection?
  private var phase = KeyringPhase.asking
  /// What to do once, on another thread, while the service is at work for a secret.
  package var meanwhile: (@Sendable () -> Void)?

  /// Reads `DBUS_SESSION_BUS_ADDRESS`, `XDG_RUNTIME_DIR`, `XDG_DATA_HOME`, `HOME`, `DISPLAY`, `WAYLAND_DISPLAY` and
  /// `DAYPASS_COLLECTION` of `environment`. Nothing is opened before it is needed. `progress` hears when a call begins to
  /// wait for something else.
  package init(
    environment: [String: String], timeouts: KeyringTimeouts = KeyringTimeouts(),
    progress: @escaping (KeyringPhase) -> Void = { _ in }
  ) {
    self.environment = environment
    self.timeouts = timeouts
    self.progress = progress
  }

  // MARK: Reading

  /// Reads once more what looks damaged: in one session of 256, KWallet's encryption key differs from libsecret's.
  package func secret(for item: ItemID) throws(SecretStoreError) -> SecretBytes? {
    do throws(SecretStoreError) {
      return try read(item)
    } catch .damaged {
      return try read(item)
    }
  }

  private func read(_ item: ItemID) throws(SecretStoreError) -> SecretBytes? {
    try withService { (service) throws(SecretStoreError) in
      // All questions are sent before the first answer is waited for.
      let pending = service.find(collectionName(for: item.kind))
      let search = search(for: item, service)
      service.openSession()
      let thread = meanwhile.take().map { JoinedThread($0) }
      defer { extendLifetime(thread) }
      let collection = try pending.path()
      let found = try found(item, by: search, in: collection, service)
      if !found.items.isEmpty, !found.items.contains(where: { $0.state == .locked }) {
        return try secret(of: item, among: found, service)
      }
      // A gnome-keyring that was never unlocked finds none of our items. One that is open now may have been opened since
      // the first search, by another command's dialog.
      try open(collection, .collection, service)
      return try stored(item, in: collection, service)
    }
  }

  private func search(for item: ItemID, _ service: SecretServiceConnection) -> PendingSearch {
    service.search(for: ItemSchema(item.kind).attributes(of: item.name))
  }

  /// The items in the current form, which `search` asks for; if there are none, those in the one of 0.1.0.
  private func found(
    _ item: ItemID, by search: PendingSearch, in collection: String, _ service: SecretServiceConnection
  ) throws(SecretStoreError) -> PendingMatches {
    let items = try search.items(in: collection)
    guard items.isEmpty else { return PendingMatches(items, ItemSchema(item.kind), service) }
    let legacy = ItemSchema(item.kind, .legacy)
    return PendingMatches(
      try service.search(for: legacy.attributes(of: item.name)).items(in: collection), legacy, service)
  }

  private func stored(
    _ item: ItemID, in collection: String, _ service: SecretServiceConnection
  ) throws(SecretStoreError) -> SecretBytes? {
    try secret(
      of: item, among: found(item, by: search(for: item, service), in: collection, service), service)
  }

  /// The secret of `item`, which several items may hold if they agree.
  private func secret(
    of item: ItemID, among pending: PendingMatches, _ service: SecretServiceConnection
  ) throws(SecretStoreError) -> SecretBytes? {
    // Meanwhile the service computes the session's key.
    let matches = try pending.items(named: item.name)
    guard let match = matches.first else { return nil }
    let first = try readable(match, service)
    // gnome-keyring commits a new item's attributes first and its secret second.
    guard !first.isEmpty else { throw .damaged(item) }
    for other in matches.dropFirst() where try !first.equals(readable(other, service)) {
      throw .ambiguous(item, paths: matches.map(\.path).sorted())
    }
    return first
  }

  /// The secret of an item; some services, KeePassXC among them, lock each for itself.
  func readable(_ item: FoundItem, _ service: SecretServiceConnection) throws(SecretStoreError) -> SecretBytes {
    if item.state == .locked { try open(item.path, .item, service) }
    return try service.secret(of: item)
  }

  // MARK: Writing

  package func save(_ secret: borrowing SecretBytes, for item: ItemID) throws(SecretStoreError) {
    // None could not be told from one whose write was cut off.
    guard (1...ItemSchema.largestSecret).contains(secret.count) else {
      throw .refused(item, "a secret has 1 to \(ItemSchema.largestSecret) bytes")
    }
    try withService { (service) throws(SecretStoreError) in
      let collection = try openCollection(for: item.kind, service)
      guard item.kind == .session || !collection.hasSuffix("/session") else {
        throw .secretService(.collectionInMemory)
      }
      let existing = try matches(of: item, .current, in: collection, service)
      enter(.writing)
      do throws(SecretStoreError) {
        try write(secret, to: existing, of: item, in: collection, service)
        try check(secret, of: item, in: collection, service)
        // Only now: if we are killed before, the key is there twice, and the new one counts.
        try delete(matches(of: item, .legacy, in: collection, service), of: item, service)
      } catch {
        // It was there when the writing began.
        throw error == .secretService(.noService) ? .secretService(.serviceEnded) : error
      }
      enter(.asking)
    }
  }

  /// Replaces the secret of our own item; creates one only if there is none. A CreateItem that may replace would replace
  /// whatever has our attributes, another program's items among it.
  private func write(
    _ secret: borrowing SecretBytes, to existing: [FoundItem], of item: ItemID, in collection: String,
    _ service: SecretServiceConnection
  ) throws(SecretStoreError) {
    guard existing.count <= 1 else { throw .ambiguous(item, paths: existing.map(\.path).sorted()) }
    let contentType = item.kind == .session ? "application/octet-stream" : "application/json"
    try writing(item) { () throws(SecretStoreError) in
      if let own = existing.first {
        try service.setSecret(of: own, to: secret, contentType: contentType)
      } else {
        let schema = ItemSchema(item.kind)
        try service.createItem(
          schema.attributes(of: item.name), label: schema.label(of: item.name), secret, contentType: contentType,
          in: collection)
      }
    }
  }

  /// Does what writes to disk; the service's own words, which may be about another thing, become facts about `item`.
  private func writing(_ item: ItemID, _ write: () throws(SecretStoreError) -> Void) throws(SecretStoreError) {
    do throws(SecretStoreError) {
      try write()
    } catch {
      guard case .secretService(.other(let words)) = error else { throw error }
      throw .refused(item, words)
    }
    switch item.kind {
    case .longTermKey, .rotation, .identityCenterToken, .loginToken: syncKeyringFolder(in: environment)
    case .session: break
    }
  }

  /// Reads back what was stored. A service that was restarted meanwhile is locked, and shows nothing.
  private func check(
    _ secret: borrowing SecretBytes, of item: ItemID, in collection: String, _ service: SecretServiceConnection
  ) throws(SecretStoreError) {
    let stored = try stored(item, in: collection, service)
    let isStored = stored.withValue { $0.equals(secret) } ?? false
    guard !isStored else { return }
    throw try service.isLocked(collection, .collection) ? .locked : .notStored(item)
  }

  package func remove(_ item: ItemID) throws(SecretStoreError) {
    try withService { (service) throws(SecretStoreError) in
      let collection = try openCollection(for: item.kind, service)
      enter(.writing)
      // Which of several keys is the user's only a person can tell.
      let current = try matches(of: item, .current, in: collection, service)
      guard current.count <= 1 || item.kind == .session else {
        throw .ambiguous(item, paths: current.map(\.path).sorted())
      }
      let doomed = try matches(of: item, .legacy, in: collection, service) + current
      try delete(doomed, of: item, service)
      // What matches only now has more attributes than ours, and is another program's.
      for form in [ItemSchema.Form.current, .legacy] {
        let left = try matches(of: item, form, in: collection, service)
        guard left.allSatisfy({ item in !doomed.isEmpty && !doomed.contains { $0.path == item.path } }) else {
          throw .notRemoved(item)
        }
      }
      enter(.asking)
    }
  }

  private func delete(
    _ items: [FoundItem], of item: ItemID, _ service: SecretServiceConnection
  ) throws(SecretStoreError) {
    for doomed in items {
      try writing(item) { () throws(SecretStoreError) in try service.delete(doomed) }
    }
  }

  private func matches(
    of item: ItemID, _ form: ItemSchema.Form, in collection: String, _ service: SecretServiceConnection
  ) throws(SecretStoreError) -> [FoundItem] {
    let schema = ItemSchema(item.kind, form)
    let found = try service.search(for: schema.attributes(of: item.name)).items(in: collection)
    return try PendingMatches(found, schema, service).items(named: item.name)
  }

  // MARK: Listing

  package func items(ofKind kind: ItemID.Kind) throws(SecretStoreError) -> [ListedItem] {
    try withService { (service) throws(SecretStoreError) in
      let collection = try collection(for: kind, service)
      var listed: [String: ListedItem] = [:]
      for form in [ItemSchema.Form.legacy, .current] {
        let schema = ItemSchema(kind, form)
        let found = try service.search(for: schema.attributes).items(in: collection)
        // Two calls for each item; a bus lets as few as 128 wait for their replies.
        for start in stride(from: 0, to: found.count, by: 50) {
          for item in try list(found[start..<min(start + 50, found.count)], schema, service) {
            listed[item.id.name] = item
          }
        }
      }
      // Only an open collection can say that it holds none.
      if listed.isEmpty, try service.isLocked(collection, .collection) { throw .locked }
      return Array(listed.values)
    }
  }

  private func list(
    _ found: ArraySlice<FoundItem>, _ schema: ItemSchema, _ service: SecretServiceConnection
  ) throws(SecretStoreError) -> [ListedItem] {
    let times = found.map { service.modificationTime(of: $0) }
    let pending = PendingMatches(Array(found), schema, service)
    var items: [ListedItem] = []
    for (name, time) in zip(try pending.names(), times) {
      let modified = try Self.time(time)
      if let name { items.append(ListedItem(id: ItemID(kind: schema.kind, name: name), modified: modified)) }
    }
    return items
  }

  /// In seconds since 1970; nil if the service does not tell, as of a collection that was never unlocked.
  private static func time(_ reply: PendingReply) throws(SecretStoreError) -> Int? {
    do throws(SecretStoreError) {
      let time = try reply.wait().value(0)?.number
      return time == 0 ? nil : time
    } catch {
      guard case .secretService(.other) = error else { throw error }
      return nil
    }
  }
}

/// How far a keyring call has come.
package enum KeyringPhase: Sendable {
  /// Connecting, searching, reading: no human is involved.
  case asking
  /// A dialog asks the user for the keyring's password.
  case unlocking
  /// The service is writing to disk.
  case writing
}

// MARK: - Collections and their locks

extension SecretServiceStore {
  /// Whether the keyring with the keys has no password, so that its file holds them in clear.
  package func keepsKeysInClear() throws(SecretStoreError) -> Bool {
    let path = try withService { (service) throws(SecretStoreError) in try collection(for: .longTermKey, service) }
    return isInClear(collection: path, in: environment)
  }

  /// Opens the keyring with the keys if it has no password. Given one, gnome-keyring would take any, and encrypt it with that.
  package func unlockedWithoutPassword() throws(SecretStoreError) -> Bool {
    try withService { (service) throws(SecretStoreError) in
      let path = try collection(for: .longTermKey, service)
      return isInClear(collection: path, in: environment) ? try service.unlock(path) : false
    }
  }

  /// The object path of the collection that keeps `kind`, in a service that encrypts.
  private func collection(
    for kind: ItemID.Kind, _ service: SecretServiceConnection
  ) throws(SecretStoreError) -> String {
    let pending = service.find(collectionName(for: kind))
    _ = try service.session()
    return try pending.path()
  }

  private func openCollection(
    for kind: ItemID.Kind, _ service: SecretServiceConnection
  ) throws(SecretStoreError) -> String {
    let collection = try collection(for: kind, service)
    try open(collection, .collection, service)
    return collection
  }

  private func collectionName(for kind: ItemID.Kind) -> CollectionName {
    switch kind {
    case .session: return .alias("session")
    case .longTermKey, .rotation, .identityCenterToken, .loginToken:
      guard let name = environment["DAYPASS_COLLECTION"], !name.isEmpty else { return .alias("default") }
      return .label(name)
    }
  }

  /// Has the user open the collection or item at `path` if it is locked.
  func open(_ path: String, _ interface: BusInterface, _ service: SecretServiceConnection) throws(SecretStoreError) {
    guard try service.isLocked(path, interface) else { return }
    let canAsk = ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
    guard canAsk || isInClear(collection: path, in: environment) else { throw .locked }
    enter(.unlocking)
    let isOpen = try service.unlock(path) ? !service.isLocked(path, interface) : false
    enter(.asking)
    guard isOpen else { throw try service.hasPrompter() ? .dismissed : .secretService(.noPrompter) }
  }

  private func enter(_ next: KeyringPhase) {
    guard next != phase else { return }
    phase = next
    progress(next)
  }

  // MARK: Unlocking without a dialog

  /// What the keyring that keeps keys needs before it can be used.
  package enum State: Sendable {
    case open, locked
    /// There is no default collection; `createKeyring` makes one.
    case missing
  }

  package func state() throws(SecretStoreError) -> State {
    try withService { (service) throws(SecretStoreError) in
      do throws(SecretStoreError) {
        let collection = try service.find(collectionName(for: .longTermKey)).path()
        return try service.isLocked(collection, .collection) ? .locked : .open
      } catch {
        guard error == .secretService(.noCollection("default")) else { throw error }
        return .missing
      }
    }
  }

  /// Opens the collection that keeps keys, or another's, with its password, without a dialog.
  ///
  /// - Throws: `.secretService(.wrongPassword)`, `.secretService(.noUnlockInterface)` if the service is not gnome-keyring,
  ///   `.secretService(.noCollection)`.
  package func unlock(_ other: String? = nil, password: borrowing SecretBytes) throws(SecretStoreError) {
    try unlocking { (service) throws(SecretStoreError) in
      let name = other.map(CollectionName.label) ?? collectionName(for: .longTermKey)
      let collection = try service.find(name).path()
      try service.unlock(collection: collection, password: password)
      guard try !service.isLocked(collection, .collection) else { throw .locked }
    }
  }

  /// Creates the first keyring with this password, and makes it the default. Its name, `login`, is what PAM opens at a login.
  ///
  /// - Throws: `.secretService(.noUnlockInterface)`.
  package func createKeyring(password: borrowing SecretBytes) throws(SecretStoreError) {
    try unlocking { (service) throws(SecretStoreError) in
      try service.setAlias("default", to: service.createCollection(label: "login", password: password))
    }
  }

  private func unlocking(
    _ body: (SecretServiceConnection) throws(SecretStoreError) -> Void
  ) throws(SecretStoreError) {
    do throws(SecretStoreError) {
      try withService(body)
    } catch {
      throw error == .secretService(.changed) ? .secretService(.noUnlockInterface) : error
    }
  }

  // MARK: Connection

  /// Lends a connection to `body`; if what it was connected to is gone, lends a new one, once.
  ///
  /// A standard session bus restarts a service that ended, locked; so only the second answer counts.
  func withService<Result: ~Copyable>(
    _ body: (SecretServiceConnection) throws(SecretStoreError) -> Result
  ) throws(SecretStoreError) -> Result {
    do throws(SecretStoreError) {
      return try withOneService(body)
    } catch {
      guard error.isLostConnection else { throw error }
      let failure = error
      do throws(SecretStoreError) {
        return try withOneService(body)
      } catch {
        // If there is no service any more, the first failure tells more.
        throw error == .secretService(.noService) ? failure : error
      }
    }
  }

  /// A connection that met an error serves no other call: a late reply may still arrive.
  private func withOneService<Result: ~Copyable>(
    _ body: (SecretServiceConnection) throws(SecretStoreError) -> Result
  ) throws(SecretStoreError) -> Result {
    phase = .asking
    let service: SecretServiceConnection
    if let idle = connection.take() { service = idle } else { service = try connect() }
    let result = try service.loop.use { () throws(SecretStoreError) in try body(service) }
    connection = service
    return result
  }

  /// Connects to the bus; if it has as many connections as it takes, again once others may have ended theirs.
  private func connect() throws(SecretStoreError) -> SecretServiceConnection {
    let bus = SessionBus(environment: environment)
    for _ in 0..<100 {
      do throws(SecretStoreError) {
        return try SecretServiceConnection(to: bus.address(), timeouts)
      } catch {
        guard case .secretService(.unusableBus(_, .full)) = error else { throw error }
        usleep(100_000)
      }
    }
    return try SecretServiceConnection(to: bus.address(), timeouts)
  }
}

// MARK: - Timeouts

/// How long the Secret Service may take.
package struct KeyringTimeouts: Sendable {
  /// For one answer while no person is asked. Every answer renews it, so a slow service is waited for as long as
  /// it goes on answering.
  package var answer: Duration
  /// For the user, while a dialog is open.
  package var dialog: Duration

  package init(answer: Duration = .seconds(10), dialog: Duration = .seconds(120)) {
    self.answer = answer
    self.dialog = dialog
  }
}

/// The folder for the user's data, in which gnome-keyring keeps its files (XDG Base Directory Specification).
package func dataFolder(in environment: [String: String]) -> String {
  environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? (environment["HOME"] ?? "") + "/.local/share"
}
