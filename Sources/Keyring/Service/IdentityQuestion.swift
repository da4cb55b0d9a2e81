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
