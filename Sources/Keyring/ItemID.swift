/// What identifies an item of ours: its kind and a name. Both, and the format version, are its only attributes, because
/// attributes are readable by everyone on the bus and stored as unsalted hashes.
package struct ItemID: Hashable, Sendable {
  package var kind: Kind
  /// The profile of a long-term key or its rotation, the digest of a session's plan.
  package var name: String

  package init(kind: Kind, name: String) {
    self.kind = kind
    self.name = name
  }

  package enum Kind: String, CaseIterable, Sendable {
    /// Kept on disk, in the default collection or the one named by `DAYPASS_COLLECTION`.
    case longTermKey = "key"
    /// What a rotation of a key has got to; kept beside the keys.
    case rotation
    /// Kept in memory, in the `session` collection.
    case session
  }
}
