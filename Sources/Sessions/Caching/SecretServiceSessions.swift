package import Keyring
package import Secrets

/// Sessions in the Secret Service's `session` collection, which is never on disk and ends with the login.
package struct SecretServiceSessions: SessionStore {
  private let store: any SecretStore
  private let mark: FallbackMark

  /// `mark` is set for processes that would look elsewhere only.
  package init(store: any SecretStore, mark: FallbackMark) {
    self.store = store
    self.mark = mark
  }

  package func payload(named name: String) throws -> SecretBytes? {
    try store.secret(for: Self.item(name))
  }

  package func save(
    _ payload: borrowing SecretBytes, named name: String, label: String, lifetime: Duration
  ) throws {
    try store.save(payload, for: Self.item(name), label: label)
    try mark.set()
  }

  package func remove(named name: String) throws {
    try store.remove(Self.item(name))
  }

  package func names() throws -> [String] {
    try store.items(ofKind: .session).map(\.id.name)
  }

  private static func item(_ name: String) -> ItemID {
    ItemID(kind: .session, name: name)
  }
}
