package import Keyring
internal import Secrets

/// The journals of rotations that are under way or were interrupted, one for each profile's key.
package struct RotationJournals {
  private let store: any SecretStore

  package init(store: any SecretStore) {
    self.store = store
  }

  /// The journal of `profile`'s key; nil where no rotation is under way.
  ///
  /// One that is empty was cut off when it was opened, before AWS was asked for anything. One that is damaged tells
  /// nothing; what it was about shows in IAM's list of the user's keys.
  func journal(of profile: String) throws -> RotationJournal? {
    do {
      guard let payload = try store.secret(for: Self.item(of: profile)) else { return nil }
      return try RotationJournal(payload: payload)
    } catch KeyringError.damaged {
      return nil
    } catch let error as PayloadError {
      if case .unknownVersion = error { throw SessionError.damagedKey(profile: profile, error) }
      return nil
    }
  }

  /// Whether there is anything to finish or undo.
  package func isOpen(of profile: String) throws -> Bool {
    try journal(of: profile).exists
  }

  func save(_ journal: borrowing RotationJournal, of profile: String) throws {
    let label = "daypass: rotation of the AWS access key of \(profile)"
    try store.save(journal.payload(), for: Self.item(of: profile), label: label)
  }

  package func remove(profile: String) throws {
    try store.remove(Self.item(of: profile))
  }

  private static func item(of profile: String) -> ItemID {
    ItemID(kind: .rotation, name: profile)
  }
}
