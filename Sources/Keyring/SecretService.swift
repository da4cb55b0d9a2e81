import Glibc
internal import Secrets

/// An item that the service found, and whether it says that it is locked.
struct FoundItem {
  /// The object path, below that of its collection.
  let path: String
  let state: State

  enum State { case locked, unlocked }
}

/// How a collection is named: by a standard alias (`default`, `session`), or by its label or last path element.
enum CollectionName {
  case alias(String)
  case label(String)
}

// MARK: - Collections

/// The calls of the Secret Service API (freedesktop.org), one function each.
extension SecretServiceConnection {
  /// The object path of the service itself.
  fileprivate static let root = "/org/freedesktop/secrets"

  func find(_ name: CollectionName) -> PendingCollection {
    let reply =
      switch name {
      case .alias(let alias): send(.readAlias, to: Self.root, .text(alias))
      case .label: send(.getProperty, to: Self.root, .text("org.freedesktop.Secret.Service"), .text("Collections"))
      }
    return PendingCollection(name: name, reply: reply, service: self)
  }

  func isLocked(collection path: String) throws(SecretStoreError) -> Bool {
    try property("Locked", of: path, "Collection").wait().value(0)?.truth ?? true
  }

  func isLocked(item path: String) throws(SecretStoreError) -> Bool {
    try property("Locked", of: path, "Item").wait().value(0)?.truth ?? true
  }

  fileprivate func label(ofCollection path: String) throws(SecretStoreError) -> String? {
    try property("Label", of: path, "Collection").wait().value(0)?.text
  }

  fileprivate func property(_ name: String, of path: String, _ interface: String) -> PendingReply {
    send(.getProperty, to: path, .text("org.freedesktop.Secret." + interface), .text(name))
  }

  /// Asks the user to open a collection or an item, through the service's own dialog; false if it stays closed.
  func unlock(_ path: String) throws(SecretStoreError) -> Bool {
    try accepts(prompt: send(.unlock, to: Self.root, .paths([path])).path(at: 1))
  }

  /// Whether GNOME's dialog can come up; without it an unlocking ends as if the user had said no.
  func hasPrompter() throws(SecretStoreError) -> Bool {
    let reply = try send(.nameHasOwner, to: "/org/freedesktop/DBus", .text("org.gnome.keyring.SystemPrompter")).wait()
    return reply.value(0)?.truth ?? false
  }

  func setAlias(_ alias: String, to collection: String) throws(SecretStoreError) {
    _ = try send(.setAlias, to: Self.root, .text(alias), .path(collection)).wait()
  }

  /// gnome-keyring's own way to be given a password by a program. A service without it throws `.changed`.
  ///
  /// - Throws: `.wrongPassword`.
  func unlock(collection path: String, password: borrowing SecretBytes) throws(SecretStoreError) {
    let password = try session().encrypted(password, contentType: "text/plain")
    _ = try send(.unlockWithMasterPassword, to: Self.root, .path(path), password).wait()
  }

  /// The object path of a new collection with this password; likewise.
  func createCollection(label: String, password: borrowing SecretBytes) throws(SecretStoreError) -> String {
    let password = try session().encrypted(password, contentType: "text/plain")
    let properties = Argument.properties(["org.freedesktop.Secret.Collection.Label": .text(label)])
    return try send(.createWithMasterPassword, to: Self.root, properties, password).path()
  }
}

/// The question where a collection is, sent to the service.
struct PendingCollection {
  fileprivate let name: CollectionName
  fileprivate let reply: PendingReply
  fileprivate let service: SecretServiceConnection

  private static let repetitions = 5

  /// Its object path; to be asked for once.
  ///
  /// - Throws: `.noCollection`.
  func path() throws(SecretStoreError) -> String {
    switch name {
    case .alias(let alias):
      var path = try reply.path()
      // Among dozens of callers, gnome-keyring 42.1 tells one in a thousand, for a moment, that it has none.
      for _ in 0..<Self.repetitions where path == "/" && alias == "default" {
        usleep(20_000)
        path = try service.send(.readAlias, to: SecretServiceConnection.root, .text(alias)).path()
      }
      guard path != "/" else { throw .secretService(.noCollection(alias)) }
      return path
    case .label(let label):
      guard let path = try path(of: label, among: reply.wait().value(0)?.paths ?? []) else {
        throw .secretService(.noCollection(label))
      }
      return path
    }
  }

  private func path(of label: String, among paths: [String]) throws(SecretStoreError) -> String? {
    let names = [label, label.pathElement]
    if let path = paths.last(where: { path in names.contains { path.hasSuffix("/" + $0) } }) { return path }
    for path in paths.reversed() where try service.label(ofCollection: path) == label { return path }
    return nil
  }
}

extension String {
  /// As gnome-keyring names an object after a label: `aws_2dvault`.
  fileprivate var pathElement: String {
    utf8.map { byte in
      let isPlain = byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte)
      return isPlain ? String(Unicode.Scalar(byte)) : (byte < 16 ? "_0" : "_") + String(byte, radix: 16)
    }.joined()
  }
}

// MARK: - Items

extension SecretServiceConnection {
  /// All items of a collection, as far as the service tells while it is locked.
  func items(ofCollection path: String) throws(SecretStoreError) -> [FoundItem] {
    let paths = try property("Items", of: path, "Collection").wait().value(0)?.paths ?? []
    return paths.map { FoundItem(path: $0, state: .unlocked) }
  }

  /// Searches all collections. Nothing is unlocked, no secret is read.
  func search(for attributes: [String: String]) -> PendingSearch {
    PendingSearch(reply: send(.searchItems, to: Self.root, .table(attributes)))
  }

  /// SearchItems has matched them already, but its result decides which secret we use, so we look ourselves.
  func attributes(of item: FoundItem) -> PendingReply { property("Attributes", of: item.path, "Item") }

  /// Asked for all properties at once, gnome-keyring takes longer than for two.
  func modificationTime(of item: FoundItem) -> PendingReply { property("Modified", of: item.path, "Item") }

  /// Its secret; empty if a write was cut off between attributes and secret, or if it is larger than any of ours.
  ///
  /// - Throws: `.locked`.
  func secret(of item: FoundItem) throws(SecretStoreError) -> SecretBytes {
    let session = try session()
    let call = send(.getSecrets, to: Self.root, .paths([item.path]), .path(session.path))
    let reply = try call.wait()
    guard let secrets = reply.value(0), secrets.isOfType("a{o(oayays)}") else { throw call.unexpected }
    for index in 0..<secrets.count {
      guard let entry = secrets.child(index), entry.child(0)?.text == item.path, let secret = entry.child(1) else {
        continue
      }
      return session.decrypted(secret, upTo: ItemSchema.largestSecret) ?? SecretBytes()
    }
    // The service leaves out what is locked, without a word.
    guard try !isLocked(item: item.path) else { throw .locked }
    return SecretBytes()
  }

  /// Creates an item, and replaces none.
  func createItem(
    _ attributes: [String: String], label: String, _ secret: borrowing SecretBytes, contentType: String,
    in collection: String
  ) throws(SecretStoreError) {
    let properties = Argument.properties([
      "org.freedesktop.Secret.Item.Label": .text(label), "org.freedesktop.Secret.Item.Attributes": .table(attributes),
    ])
    let secret = try session().encrypted(secret, contentType: contentType)
    let prompt = try send(.createItem, to: collection, properties, secret, .flag(on: false)).path(at: 1)
    guard try accepts(prompt: prompt) else { throw .dismissed }
  }

  /// Gives an item another secret; its attributes and label stay.
  func setSecret(
    of item: FoundItem, to secret: borrowing SecretBytes, contentType: String
  ) throws(SecretStoreError) {
    _ = try send(.setSecret, to: item.path, session().encrypted(secret, contentType: contentType)).wait()
  }

  func delete(_ item: FoundItem) throws(SecretStoreError) {
    guard try accepts(prompt: send(.delete, to: item.path).path()) else { throw .dismissed }
  }
}

/// A search for items, sent to the service.
struct PendingSearch {
  fileprivate let reply: PendingReply

  /// What the service says are such items below `collection`; to be asked for once.
  func items(in collection: String) throws(SecretStoreError) -> [FoundItem] {
    let values = try reply.wait()
    guard let unlocked = values.value(0)?.paths, let locked = values.value(1)?.paths else { throw reply.unexpected }
    let found =
      unlocked.map { FoundItem(path: $0, state: .unlocked) } + locked.map { FoundItem(path: $0, state: .locked) }
    return found.filter { $0.path.hasPrefix(collection + "/") }
  }
}

// MARK: - Claims

/// Which of the items that the service found are ours: their attributes, asked for.
struct PendingClaims {
  let items: [FoundItem]
  private let replies: [PendingReply]
  private let schema: ItemSchema

  init(_ items: [FoundItem], _ schema: ItemSchema, _ service: SecretServiceConnection) {
    self.items = items
    self.schema = schema
    replies = items.map { service.attributes(of: $0) }
  }

  /// The items that are ours under this name. To be called once.
  func items(named name: String) throws(SecretStoreError) -> [FoundItem] {
    zip(items, try names()).filter { $0.1 == name }.map(\.0)
  }

  /// Under which name each item is ours; nil for one that is another program's. To be called once.
  func names() throws(SecretStoreError) -> [String?] {
    var claims: [(name: String, strength: ItemSchema.Strength)?] = []
    for reply in replies { claims.append(schema.claim(in: try reply.wait().value(0)?.table ?? [:])) }
    let exact = Set(claims.compactMap { $0?.strength == .exact ? $0?.name : nil })
    return claims.map { claim in
      guard let claim, claim.strength == .exact || !exact.contains(claim.name) else { return nil }
      return claim.name
    }
  }
}
