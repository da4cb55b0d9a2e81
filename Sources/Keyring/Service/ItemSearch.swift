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
