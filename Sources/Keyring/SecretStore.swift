package import POSIX
package import Secrets

/// Keeps secrets under their kind and name.
package protocol SecretStore {
  /// The secret of `item`; nil only if there is truly none. Unlocks the store if it is locked and somebody can be asked.
  func secret(for item: ItemID) throws(SecretStoreError) -> SecretBytes?

  /// Creates or replaces `item`, and reads it back.
  func save(_ secret: borrowing SecretBytes, for item: ItemID) throws(SecretStoreError)

  /// Removes `item`, and looks whether it is gone; removing what is not there is not an error.
  func remove(_ item: ItemID) throws(SecretStoreError)

  /// The items of one kind, from what the store tells without being unlocked.
  ///
  /// - Throws: `.locked` if a locked store shows none: it may hold some.
  func items(ofKind kind: ItemID.Kind) throws(SecretStoreError) -> [ListedItem]
}

/// What identifies an item: its kind and a name.
package struct ItemID: Hashable, Codable, Sendable {
  package var kind: Kind
  /// The profile of a long-term key or its rotation, the digest of a session's plan or of where a token is good.
  package var name: String

  package init(kind: Kind, name: String) {
    self.kind = kind
    self.name = name
  }

  package enum Kind: String, CaseIterable, Codable, Sendable {
    /// Kept on disk, in the default collection or the one named by `DAYPASS_COLLECTION`.
    case longTermKey = "key"
    /// How far the rotation of a key has got; kept beside the keys.
    case rotation
    /// The token of a sign-in to IAM Identity Center; kept beside the keys.
    case identityCenterToken = "sso-token"
    /// The token of a sign-in as with `aws login`; kept beside the keys.
    case loginToken = "login-token"
    /// Kept in memory, in the `session` collection.
    case session
  }
}

/// An item as the store lists it, also while it is locked.
package struct ListedItem: Hashable, Codable, Sendable {
  package var id: ItemID
  /// When it was last stored, in seconds since 1970; nil if the store does not tell.
  ///
  /// Not when it was created: that stays when an item is replaced (measured with gnome-keyring 42.1).
  package var modified: Int?
}

// MARK: - Errors

/// Why a store of secrets did not do what it was asked.
package enum SecretStoreError: Error, Equatable, Codable {
  /// The store is locked and nobody can be asked for its password.
  case locked
  /// The user closed the dialog that asks for the store's password.
  case dismissed
  /// No answer in time.
  case timedOut(seconds: Int)
  /// The dialog that asks for the store's password stayed open for `seconds` without an answer.
  case unlockTimedOut(seconds: Int)
  /// There is an item, but it is empty or not what we wrote.
  case damaged(ItemID)
  /// More than one item of ours has this name; `paths` names them to the store.
  case ambiguous(ItemID, paths: [String])
  /// The store said that it stored the item, but gives back something else.
  case notStored(ItemID)
  /// The store said that it removed the item, but still shows it.
  case notRemoved(ItemID)
  /// The store refused to create, replace or remove the item, in its words.
  case refused(ItemID, String)
  /// What can go wrong with the Secret Service only.
  case secretService(SecretServiceError)

  /// Whether something is there under the item's name that cannot be used.
  package var meansUnusableItem: Bool {
    switch self {
    case .damaged, .ambiguous: true
    case .locked, .dismissed, .timedOut, .unlockTimedOut, .notStored, .notRemoved, .refused, .secretService: false
    }
  }

  /// Whether a new connection may do better. Every call may be repeated: saving replaces, removing may find nothing.
  var isLostConnection: Bool {
    switch self {
    case .secretService(.noService), .secretService(.serviceEnded), .secretService(.changed): true
    case .secretService, .locked, .dismissed, .timedOut, .unlockTimedOut, .damaged, .ambiguous, .notStored, .notRemoved,
      .refused:
      false
    }
  }
}

/// What can go wrong with the session bus and the Secret Service.
package enum SecretServiceError: Equatable, Codable, Sendable {
  /// There is no session bus: `DBUS_SESSION_BUS_ADDRESS` is unset, and there is no socket at its usual place.
  case noBus
  /// The bus address leads nowhere, or to something we do not trust.
  case unusableBus(address: String, reason: BusProblem)
  /// The bus has no Secret Service.
  case noService
  /// The service, or the bus, ended while it was asked; what was being saved may be stored or not.
  case serviceEnded
  /// What the service had just shown is gone: it was replaced, or another program changed it.
  case changed
  /// The service has no collection under this alias or name.
  case noCollection(String)
  /// The collection that is to keep keys is that of sessions, which ends with the login.
  case collectionInMemory
  /// The collection is locked, and the dialog that asks for its password does not come up on the user's display.
  case noPrompter
  /// The service would send secrets over the bus in clear.
  case plainTransport
  /// The password given to `unlock` is not the keyring's.
  case wrongPassword
  /// The service has no way to be given a password by a program: it is not gnome-keyring.
  case noUnlockInterface
  case libraryMissing(LibraryMissing)
  /// Any other answer of the service, in its words.
  case other(String)

  package enum BusProblem: String, CaseIterable, Codable, Equatable, Sendable {
    case notUnix, unreachable, foreignOwner
    /// It has as many connections as it takes.
    case full
  }
}
