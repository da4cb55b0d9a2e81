package import Secrets

/// Keeps secrets under their kind and name.
package protocol SecretStore: AnyObject {
  /// The secret of `item`; nil only where there is truly none. Unlocks the collection where it is locked and somebody
  /// can be asked.
  func secret(for item: ItemID) throws(KeyringError) -> SecretBytes?

  /// Creates or replaces `item`, and reads it back.
  func save(_ secret: borrowing SecretBytes, for item: ItemID, label: String) throws(KeyringError)

  /// Removes `item`; removing what is not there is not an error.
  func remove(_ item: ItemID) throws(KeyringError)

  /// The items of one kind, from their attributes only: works while the collection is locked, and unlocks nothing.
  ///
  /// Throws `.locked` where a locked collection shows none. A gnome-keyring that was never unlocked since it started
  /// knows only unsalted hashes of attributes, so that "none" would be a guess.
  func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ListedItem]
}
