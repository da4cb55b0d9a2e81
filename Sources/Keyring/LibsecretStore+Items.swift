internal import Secrets

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
