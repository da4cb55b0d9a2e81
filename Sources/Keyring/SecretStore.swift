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

// MARK: - Item ID

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

// MARK: - Keyring error

/// What went wrong with the keyring.
package enum KeyringError: Error, Equatable {
  /// There is no session bus: `DBUS_SESSION_BUS_ADDRESS` is unset and `$XDG_RUNTIME_DIR/bus` is missing.
  case noBus
  /// The bus address leads nowhere, or to something we do not trust.
  case unusableBus(address: String, reason: BusProblem)
  /// The bus has no Secret Service.
  case noService
  /// The service, or the bus, ended while it was asked; what was being saved may be stored or not.
  case serviceEnded
  /// What the service had just told of is gone: it was replaced, or another program was at work in between.
  case changed
  /// The service has no collection under this alias or name.
  case noCollection(String)
  /// The collection is locked and nobody can be asked.
  case locked
  /// The collection is locked, and the dialog that asks for its password does not come up on the user's display.
  case noPrompter
  /// The user closed the dialog that asks for the keyring's password.
  case dismissed
  /// No answer in time; `unlocking` where a dialog was open.
  case timedOut(seconds: Int, unlocking: Bool)
  /// The service would send secrets over the bus in clear.
  case plainTransport
  /// There is an item, but what it holds is empty or not what we wrote.
  case damaged(ItemID)
  /// More than one item of ours has this name; their paths in the service.
  case ambiguous(ItemID, paths: [String])
  /// The service said it stored the item, but gives back something else.
  case notStored(ItemID)
  /// The service refused to create, replace or remove the item, in its words.
  case notWritten(ItemID, String)
  /// A secret without bytes, which could not be told from one whose write was cut off.
  case emptySecret
  /// The secret is larger than `limit` bytes.
  case tooLarge(limit: Int)
  /// A shared library is missing; `package` is its Debian package.
  case libraryMissing(String, package: String)
  /// The process that talks to the keyring could not be started, or ended without an answer.
  case workerEnded
  /// Any other answer of the service, in its words.
  case service(String)

  package enum BusProblem: String, CaseIterable, Equatable, Sendable {
    case notUnix, unreachable, foreignOwner
    /// It has as many connections as it takes.
    case full
  }
}

// MARK: - Listed item

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
