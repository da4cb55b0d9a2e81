/// An item as the service lists it, also while it is locked.
package struct ListedItem: Hashable, Sendable {
  package var id: ItemID
  /// When it was last stored, in seconds since 1970; nil where the service does not tell.
  ///
  /// Not when it was created: that stays when an item is replaced (measured with gnome-keyring 42.1).
  package var modified: Int?

  package init(id: ItemID, modified: Int? = nil) {
    self.id = id
    self.modified = modified
  }
}
