/// How a collection is named: by a standard alias (`default`, `session`), or by its label or last path element.
enum CollectionName {
  case alias(String)
  case label(String)
}

/// The question where a collection is, sent to the service.
struct CollectionQuestion {
  private let name: CollectionName
  private let answer: PendingAnswer
  private let service: ServiceConnection

  init(_ name: CollectionName, to service: ServiceConnection) {
    self.name = name
    self.service = service
    answer =
      switch name {
      case .alias(let alias): service.ask(.readAlias, at: ServiceConnection.root, alias)
      case .label:
        service.ask(.getProperty, at: ServiceConnection.root, "org.freedesktop.Secret.Service", "Collections")
      }
  }

  /// Its object path; to be asked for once. Throws `.noCollection`.
  func path() throws(KeyringError) -> String {
    let answer = try answer.wait()?.value(0)
    switch name {
    case .alias(let alias):
      guard let path = answer?.text else { throw .service("ReadAlias gave something else than an object") }
      guard path != "/" else { throw .noCollection(alias) }
      return path
    case .label(let label):
      guard let path = try path(of: label, among: answer?.paths ?? []) else { throw .noCollection(label) }
      return path
    }
  }

  private func path(of label: String, among paths: [String]) throws(KeyringError) -> String? {
    if let path = paths.last(where: { $0.hasSuffix("/" + label) }) { return path }
    for path in paths.reversed() where try service.label(ofCollection: path) == label { return path }
    return nil
  }
}

/// An item that the service found, and whether it says that it is locked.
struct FoundItem {
  /// The object path, below that of its collection.
  let path: String
  let state: State

  enum State { case locked, unlocked }
}

// MARK: - Identity question

/// The question whose item one is that the service found, sent to it.
///
/// The service was asked for such an item, but what it returned decides about secrets, so it is looked at.
struct IdentityQuestion {
  let item: FoundItem
  private let schema: ItemSchema
  private let answer: PendingAnswer

  init(_ item: FoundItem, of schema: ItemSchema, to service: ServiceConnection) {
    self.item = item
    self.schema = schema
    answer = service.ask(.getProperty, at: item.path, "org.freedesktop.Secret.Item", "Attributes")
  }

  /// Nil for one that is not of the schema, or has other attributes than ours have; to be asked for once.
  func identity() throws(KeyringError) -> ItemID? {
    schema.identity(of: try answer.wait()?.value(0)?.table ?? [:])
  }
}

// MARK: - Item search

/// A search for items of ours, sent to the service.
struct ItemSearch {
  private let answer: PendingAnswer

  /// For the items of `schema` that have these attributes.
  init(for schema: ItemSchema, _ attributes: [String: String], by service: ServiceConnection) {
    let wanted = schema.stored(attributes)
    answer = unsafe PendingAnswer(
      to: .searchItems, at: ServiceConnection.root, Variant.arguments(table: wanted, in: service.library), over: service
    )
  }

  /// What the service says are such items below `collection`; to be asked for once. Nothing is unlocked, no secret read.
  func items(in collection: String) throws(KeyringError) -> [FoundItem] {
    let answer = try answer.wait()
    guard let unlocked = answer?.value(0)?.paths, let locked = answer?.value(1)?.paths else {
      throw .service("SearchItems gave something else than objects")
    }
    let found =
      unlocked.map { FoundItem(path: $0, state: .unlocked) } + locked.map { FoundItem(path: $0, state: .locked) }
    return found.filter { $0.path.hasPrefix(collection + "/") }
  }
}

// MARK: - Modification question

/// The question when the service last stored an item, sent to it.
///
/// Asked for all properties at once, gnome-keyring takes longer than for two.
struct ModificationQuestion {
  private let answer: PendingAnswer

  init(_ item: FoundItem, to service: ServiceConnection) {
    answer = service.ask(.getProperty, at: item.path, "org.freedesktop.Secret.Item", "Modified")
  }

  /// In seconds since 1970; nil where the service does not tell, as of a collection that was never unlocked. To be asked for
  /// once.
  func time() throws(KeyringError) -> Int? {
    do throws(KeyringError) {
      let time = try answer.wait()?.value(0)?.number
      return time == 0 ? nil : time
    } catch {
      guard case .service = error else { throw error }
      return nil
    }
  }
}
