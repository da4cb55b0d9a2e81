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
