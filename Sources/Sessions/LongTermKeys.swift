package import Keyring

/// The long-term keys in the keyring, one for each profile that holds one.
package struct LongTermKeys {
  private let store: any SecretStore

  package init(store: any SecretStore) {
    self.store = store
  }

  /// The key of `profile`; nil only where there is truly none.
  ///
  /// Throws `SessionError.damagedKey` for an item that is not what we wrote, and `KeyringError`.
  package func key(of profile: String) throws -> LongTermKey? {
    guard let payload = try store.secret(for: Self.item(of: profile)) else { return nil }
    do {
      return try LongTermKey(payload: payload)
    } catch let error as PayloadError {
      throw SessionError.damagedKey(profile: profile, error)
    }
  }

  package func save(_ key: borrowing LongTermKey, for profile: String) throws {
    try store.save(key.payload(), for: Self.item(of: profile), label: "daypass: AWS access key of \(profile)")
  }

  package func remove(profile: String) throws {
    try store.remove(Self.item(of: profile))
  }

  /// The profiles that hold a key, without unlocking anything.
  package func profiles() throws -> [String] {
    try store.items(ofKind: .longTermKey).map(\.name).sorted()
  }

  private static func item(of profile: String) -> ItemID {
    ItemID(kind: .longTermKey, name: profile)
  }
}
