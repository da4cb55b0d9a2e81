import Keyring
import Secrets

/// A keyring in memory whose operations go wrong as a mishap says.
final class InterruptedStore: SecretStore {
  let store = MemoryStore()
  var mishap = Mishap.none

  func secret(for item: ItemID) throws(KeyringError) -> SecretBytes? {
    try operate { () throws(KeyringError) in try store.secret(for: item) }
  }

  func save(_ secret: borrowing SecretBytes, for item: ItemID, label: String) throws(KeyringError) {
    let secret = secret.clone()
    try operate { () throws(KeyringError) in try store.save(secret, for: item, label: label) }
  }

  func remove(_ item: ItemID) throws(KeyringError) {
    try operate { () throws(KeyringError) in try store.remove(item) }
  }

  func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ListedItem] {
    try operate { () throws(KeyringError) in try store.items(ofKind: kind) }
  }

  private func operate<Result: ~Copyable>(_ body: () throws(KeyringError) -> Result) throws(KeyringError) -> Result {
    switch mishap.next() {
    case .killedBefore: throw .workerEnded
    case .failing: throw .locked
    case .killedAfter, .failingAfterwards:
      _ = try body()
      throw .serviceEnded
    case .serverError, .throttled, .otherAccount, nil: return try body()
    }
  }
}
