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

// MARK: - Items

/// Which of the items that the service finds are ours, and the secret of one.
extension LibsecretStore {
  /// The one secret of `item` among what was found.
  func secret(of item: ItemID, among found: [FoundItem]) throws(KeyringError) -> SecretBytes? {
    let questions = try questions(about: found, ItemSchema(kind: item.kind))
    // An only one is read while its attributes are on their way, and wiped where they are not ours.
    var secret: SecretBytes? = nil
    if found.count == 1, let only = found.first, only.state == .unlocked { secret = try service().secret(of: only) }
    let matches = try matches(of: item, among: questions)
    guard matches.count <= 1 else { throw .ambiguous(item, paths: matches.map(\.path).sorted()) }
    guard let match = matches.first else { return nil }
    if let secret = secret.take() { return try whole(secret, of: item) }
    if match.state == .locked { try open { () throws(KeyringError) in try service().unlock(match) } }
    return try whole(service().secret(of: match), of: item)
  }

  /// gnome-keyring commits a new item's attributes first and its secret second.
  private func whole(_ secret: consuming SecretBytes, of item: ItemID) throws(KeyringError) -> SecretBytes {
    guard !secret.isEmpty else { throw .damaged(item) }
    return secret
  }

  /// The items in `collection` that truly are `item`.
  func matches(of item: ItemID, in collection: String) throws(KeyringError) -> [FoundItem] {
    try matches(of: item, among: questions(about: search(for: item).items(in: collection), ItemSchema(kind: item.kind)))
  }

  private func matches(of item: ItemID, among questions: [IdentityQuestion]) throws(KeyringError) -> [FoundItem] {
    var matches: [FoundItem] = []
    for question in questions {
      if try question.identity() == item { matches.append(question.item) }
      goOn()
    }
    return matches
  }

  /// Those of `found` that are ours.
  func listed(_ found: some Sequence<FoundItem>, _ schema: ItemSchema) throws(KeyringError) -> [ListedItem] {
    let service = try service()
    let times = found.map { ModificationQuestion($0, to: service) }
    var items: [ListedItem] = []
    for (question, time) in zip(try questions(about: found, schema), times) {
      let (id, modified) = (try question.identity(), try time.time())
      if let id { items.append(ListedItem(id: id, modified: modified)) }
      goOn()
    }
    return items
  }

  /// All of them are sent at once.
  private func questions(about found: some Sequence<FoundItem>, _ schema: ItemSchema) throws(KeyringError)
    -> [IdentityQuestion]
  {
    let service = try service()
    return found.map { IdentityQuestion($0, of: schema, to: service) }
  }

  func search(for item: ItemID) throws(KeyringError) -> ItemSearch {
    let schema = ItemSchema(kind: item.kind)
    return try ItemSearch(for: schema, schema.attributes(of: item), by: service())
  }
}

// MARK: - Item schema

/// What our items look like to the service: a schema of our own per kind, and these attributes, never more.
struct ItemSchema {
  let kind: ItemID.Kind

  /// In bytes; leaves room in a worker's frame for the name and the label.
  static let largestSecret = 1 << 20

  static let attributeNames = ["version", "kind", "profile"]

  var name: String {
    switch kind {
    case .longTermKey: "io.github.daypass.LongTermKey"
    case .rotation: "io.github.daypass.Rotation"
    case .session: "io.github.daypass.Session"
    }
  }

  /// What all items of this kind have in common.
  var attributes: [String: String] { ["version": "1", "kind": kind.rawValue] }

  /// Attributes as the service keeps them, the schema's name among them, which libsecret adds and takes away.
  func stored(_ attributes: [String: String]) -> [String: String] {
    attributes.merging(["xdg:schema": name]) { _, new in new }
  }

  /// Whose item has these attributes, as the service keeps them; nil where ours would have others.
  func identity(of attributes: [String: String]) -> ItemID? {
    guard let profile = attributes["profile"] else { return nil }
    let expected = stored(self.attributes).merging(["profile": profile]) { _, new in new }
    return attributes == expected ? ItemID(kind: kind, name: profile) : nil
  }

  func attributes(of item: ItemID) -> [String: String] {
    attributes.merging(["profile": item.name]) { _, new in new }
  }
}

// MARK: - Keyring folder

/// The folder of gnome-keyring's files.
///
/// gnome-keyring 42.1 syncs a new file before it renames it over the old one, and leaves the renaming to the system: a
/// power cut soon after can bring back the old file. "Calling fsync() does not necessarily ensure that the entry in the
/// directory containing the file has also reached disk. For that an explicit fsync() on a file descriptor for the
/// directory is also needed" (fsync(2)).
struct KeyringFolder {
  private let path: String

  /// Where the XDG base directory specification has it.
  init(environment: [String: String]) {
    let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    path = (data ?? (environment["HOME"] ?? "") + "/.local/share") + "/keyrings"
  }

  /// Has the disk keep what was renamed. Another service has no such folder, and its own way with its files.
  func sync() {
    let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
