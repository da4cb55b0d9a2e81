import Glibc
internal import POSIX
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
      case .alias(let alias): send("ReadAlias", of: .service, to: Self.root, .text(alias))
      case .label: property("Collections", of: Self.root, .service)
      }
    return PendingCollection(name: name, reply: reply, service: self)
  }

  func isLocked(_ path: String, _ interface: BusInterface) throws(SecretStoreError) -> Bool {
    try property("Locked", of: path, interface).wait().value(0)?.truth ?? true
  }

  fileprivate func label(ofCollection path: String) throws(SecretStoreError) -> String? {
    try property("Label", of: path, .collection).wait().value(0)?.text
  }

  fileprivate func property(_ name: String, of path: String, _ interface: BusInterface) -> PendingReply {
    send("Get", of: .properties, to: path, .text(interface.rawValue), .text(name))
  }

  /// Asks the user to open a collection or an item, through the service's own dialog; false if it stays closed.
  func unlock(_ path: String) throws(SecretStoreError) -> Bool {
    try accepts(prompt: send("Unlock", of: .service, to: Self.root, .paths([path])).path(at: 1))
  }

  /// Whether GNOME's dialog can come up; without it an unlocking ends as if the user had said no.
  func hasPrompter() throws(SecretStoreError) -> Bool {
    let reply = try send(
      "NameHasOwner", of: .bus, to: "/org/freedesktop/DBus", .text("org.gnome.keyring.SystemPrompter")
    ).wait()
    return reply.value(0)?.truth ?? false
  }

  func setAlias(_ alias: String, to collection: String) throws(SecretStoreError) {
    _ = try send("SetAlias", of: .service, to: Self.root, .text(alias), .path(collection)).wait()
  }

  /// gnome-keyring's own way to be given a password by a program. A service without it throws `.changed`.
  ///
  /// - Throws: `.wrongPassword`.
  func unlock(collection path: String, password: borrowing SecretBytes) throws(SecretStoreError) {
    let password = try session().encrypted(password, contentType: "text/plain")
    _ = try send("UnlockWithMasterPassword", of: .gnomeKeyring, to: Self.root, .path(path), password).wait()
  }

  /// The object path of a new collection with this password. Throws as the one above.
  func createCollection(label: String, password: borrowing SecretBytes) throws(SecretStoreError) -> String {
    let password = try session().encrypted(password, contentType: "text/plain")
    let properties = Argument.properties(["org.freedesktop.Secret.Collection.Label": .text(label)])
    return try send("CreateWithMasterPassword", of: .gnomeKeyring, to: Self.root, properties, password).path()
  }
}

/// A request for the path of a collection, already sent.
struct PendingCollection {
  fileprivate let name: CollectionName
  fileprivate let reply: PendingReply
  fileprivate let service: SecretServiceConnection

  private static let repetitions = 5

  /// Its object path. Call this once.
  ///
  /// - Throws: `.noCollection`.
  func path() throws(SecretStoreError) -> String {
    switch name {
    case .alias(let alias):
      var path = try reply.path()
      // Among dozens of callers, gnome-keyring 42.1 tells one in a thousand, for a moment, that it has none.
      for _ in 0..<Self.repetitions where path == "/" && alias == "default" {
        usleep(20_000)
        path = try service.send("ReadAlias", of: .service, to: SecretServiceConnection.root, .text(alias)).path()
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
  /// All items of a collection that the service shows, even while it is locked.
  func items(ofCollection path: String) throws(SecretStoreError) -> [FoundItem] {
    let paths = try property("Items", of: path, .collection).wait().value(0)?.paths ?? []
    return paths.map { FoundItem(path: $0, state: .unlocked) }
  }

  /// Searches all collections. Nothing is unlocked, no secret is read.
  func search(for attributes: [String: String]) -> PendingSearch {
    PendingSearch(reply: send("SearchItems", of: .service, to: Self.root, .table(attributes)))
  }

  /// SearchItems has matched them already, but its result decides which secret we use, so we look ourselves.
  func attributes(of item: FoundItem) -> PendingReply { property("Attributes", of: item.path, .item) }

  /// Asked for all properties at once, gnome-keyring takes longer than for two.
  func modificationTime(of item: FoundItem) -> PendingReply { property("Modified", of: item.path, .item) }

  /// Its secret; empty if a write was cut off between attributes and secret, or if it is larger than any of ours.
  ///
  /// - Throws: `.locked`.
  func secret(of item: FoundItem) throws(SecretStoreError) -> SecretBytes {
    let session = try session()
    let call = send("GetSecrets", of: .service, to: Self.root, .paths([item.path]), .path(session.path))
    let reply = try call.wait()
    guard let secrets = reply.value(0), secrets.isOfType("a{o(oayays)}") else { throw call.unexpected }
    for index in 0..<secrets.count {
      guard let entry = secrets.child(index), entry.child(0)?.text == item.path, let secret = entry.child(1) else {
        continue
      }
      return session.decrypted(secret, upTo: ItemSchema.largestSecret) ?? SecretBytes()
    }
    // The service leaves out what is locked, without a word.
    guard try !isLocked(item.path, .item) else { throw .locked }
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
    let prompt = try send("CreateItem", of: .collection, to: collection, properties, secret, .flag(on: false)).path(
      at: 1)
    guard try accepts(prompt: prompt) else { throw .dismissed }
  }

  /// Gives an item another secret; its attributes and label stay.
  func setSecret(
    of item: FoundItem, to secret: borrowing SecretBytes, contentType: String
  ) throws(SecretStoreError) {
    _ = try send("SetSecret", of: .item, to: item.path, session().encrypted(secret, contentType: contentType)).wait()
  }

  func delete(_ item: FoundItem) throws(SecretStoreError) {
    guard try accepts(prompt: send("Delete", of: .item, to: item.path).path()) else { throw .dismissed }
  }
}

/// A search for items, sent to the service.
struct PendingSearch {
  fileprivate let reply: PendingReply

  /// The items in `collection` that the service found. Call this once.
  func items(in collection: String) throws(SecretStoreError) -> [FoundItem] {
    let values = try reply.wait()
    guard let unlocked = values.value(0)?.paths, let locked = values.value(1)?.paths else { throw reply.unexpected }
    let found =
      unlocked.map { FoundItem(path: $0, state: .unlocked) } + locked.map { FoundItem(path: $0, state: .locked) }
    return found.filter { $0.path.hasPrefix(collection + "/") }
  }
}

// MARK: - Matches

/// Which of the items that the service found are ours: their attributes, asked for.
struct PendingMatches {
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
    var matches: [(name: String, strength: ItemSchema.Strength)?] = []
    for reply in replies { matches.append(schema.match(in: try reply.wait().value(0)?.table ?? [:])) }
    let exact = Set(matches.compactMap { $0?.strength == .exact ? $0?.name : nil })
    return matches.map { match in
      guard let match, match.strength == .exact || !exact.contains(match.name) else { return nil }
      return match.name
    }
  }
}

// MARK: - Item schema

/// What an item looks like to the Secret Service: attributes, which everybody on the bus can read and which gnome-keyring
/// stores as unsalted hashes, so they hold a kind and a name, never more.
///
/// gnome-keyring lets a program that stores an item replace every other one whose attributes contain the new one's:
/// aws-vault's `{profile: NAME}` once took the place of ours. So all names of ours begin with `daypass-`, and nobody else's item
/// contains ours or is contained in it.
struct ItemSchema {
  let kind: ItemID.Kind
  let form: Form

  /// How the attributes are named.
  enum Form {
    case current
    /// As 0.1.0 stored items: still found, and replaced when the item is saved.
    case legacy
  }

  /// In bytes.
  static let largestSecret = 1 << 20

  init(_ kind: ItemID.Kind, _ form: Form = .current) {
    self.kind = kind
    self.form = form
  }

  /// What all items of this kind have in common.
  var attributes: [String: String] {
    switch form {
    case .current: ["daypass-format": "2", "daypass-kind": kind.rawValue, "xdg:schema": name]
    case .legacy: ["version": "1", "kind": kind.rawValue, "xdg:schema": name]
    }
  }

  func attributes(of name: String) -> [String: String] {
    attributes.merging([nameAttribute: name]) { _, new in new }
  }

  /// Whose item has these attributes; nil if ours would have others.
  func match(in attributes: [String: String]) -> (name: String, strength: Strength)? {
    guard let name = attributes[nameAttribute] else { return nil }
    let ours = self.attributes(of: name)
    guard ours.allSatisfy({ attributes[$0.key] == $0.value }) else { return nil }
    return (name, attributes.count == ours.count ? .exact : .containing)
  }

  /// How well the attributes of an item match. KeePassXC adds some of its own to every item; beside an item that has exactly
  /// ours, one that has more is another program's.
  enum Strength { case exact, containing }

  /// What people read in programs that show keyrings; a session has none of its role, device or account, since every
  /// program on the bus can read it.
  func label(of name: String) -> String {
    switch kind {
    case .longTermKey: "daypass: AWS access key of \(name)"
    case .rotation: "daypass: rotation of the AWS access key of \(name)"
    case .session: "daypass: session"
    case .identityCenterToken: "daypass: sign-in to IAM Identity Center"
    case .loginToken: "daypass: sign-in with aws login"
    }
  }

  private var nameAttribute: String {
    switch (form, kind) {
    case (.legacy, _): "profile"
    case (.current, .longTermKey), (.current, .rotation): "daypass-profile"
    case (.current, .session): "daypass-session"
    case (.current, .identityCenterToken), (.current, .loginToken): "daypass-sign-in"
    }
  }

  /// What programs that show keyrings know the kind of an item by; gnome-keyring adds one to an item that has none.
  private var name: String {
    switch kind {
    case .longTermKey: "io.github.daypass.LongTermKey"
    case .rotation: "io.github.daypass.Rotation"
    case .session: "io.github.daypass.Session"
    case .identityCenterToken: "io.github.daypass.IdentityCenterToken"
    case .loginToken: "io.github.daypass.LoginToken"
    }
  }
}

// MARK: - Keyring folder

/// Makes the disk keep what the keyring has renamed. Another service has no such folder, and its own way with its files.
///
/// gnome-keyring 42.1 syncs a new file before it renames it over the old one, and leaves the renaming to the system: a
/// power cut soon after can bring back the old file. "Calling fsync() does not necessarily ensure that the entry in the
/// directory containing the file has also reached disk. For that an explicit fsync() on a file descriptor for the
/// directory is also needed" (fsync(2)).
func syncKeyringFolder(in environment: [String: String]) {
  let folder = unsafe open(keyringFolder(in: environment), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}

/// Whether the file of the collection at `path` is text, as gnome-keyring writes a keyring without a password.
func isInClear(collection path: String, in environment: [String: String]) -> Bool {
  let suffix = ".keyring"
  do throws(FileFailure) {
    let folder = try Directory(itself: keyringFolder(in: environment))
    let names = folder.fileNames.filter { $0.hasSuffix(suffix) }
    let name = names.first { path.hasSuffix("/" + String($0.dropLast(suffix.count)).pathElement) }
    guard let name else { return false }
    let file = try folder.open(name, O_RDONLY)
    var beginning = [UInt8](repeating: 0, count: "[keyring]".utf8.count)
    let count = unsafe pread(file.number, &beginning, beginning.count, 0)
    return count == beginning.count && beginning.elementsEqual("[keyring]".utf8)
  } catch {
    return false
  }
}

private func keyringFolder(in environment: [String: String]) -> String { dataFolder(in: environment) + "/keyrings" }
