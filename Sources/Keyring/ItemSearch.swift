/// The searches for an item in both of its forms, sent to the service.
struct ItemSearches {
  let current: (schema: ItemSchema, search: PendingSearch)
  let first: (schema: ItemSchema, search: PendingSearch)

  struct Found {
    let items: [FoundItem]
    let schema: ItemSchema
  }

  func found(in collection: String) throws(SecretStoreError) -> Found {
    let items = try current.search.items(in: collection)
    guard items.isEmpty else { return Found(items: items, schema: current.schema) }
    return Found(items: try first.search.items(in: collection), schema: first.schema)
  }
}

/// Which of the items that the service found are ours: their attributes, asked for.
struct PendingClaims {
  private let items: [FoundItem]
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
