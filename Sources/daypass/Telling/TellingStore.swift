import Console
import Keyring
import Secrets

/// A keyring that says with `--debug` what it is asked for.
final class TellingStore: SecretStore {
  private let store: any SecretStore
  private let diagnostics: Diagnostics

  init(_ store: any SecretStore, to diagnostics: Diagnostics) {
    self.store = store
    self.diagnostics = diagnostics
  }

  func secret(for item: ItemID) throws(KeyringError) -> SecretBytes? {
    let secret = try store.secret(for: item)
    diagnostics.debug("keyring: looked for \(item.words): \(secret.exists ? "found" : "none")")
    return secret
  }

  func save(_ secret: borrowing SecretBytes, for item: ItemID, label: String) throws(KeyringError) {
    try store.save(secret, for: item, label: label)
    diagnostics.debug("keyring: stored \(item.words)")
  }

  func remove(_ item: ItemID) throws(KeyringError) {
    try store.remove(item)
    diagnostics.debug("keyring: removed \(item.words)")
  }

  func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ListedItem] {
    let items = try store.items(ofKind: kind)
    diagnostics.debug("keyring: listed \(kind.words): \(items.count)")
    return items
  }
}
