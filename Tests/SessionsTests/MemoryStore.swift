import Keyring
import Secrets

/// A keyring in memory, which fails where a test says so.
final class MemoryStore: SecretStore {
  var contents: [ItemID: [UInt8]] = [:]
  var saving: KeyringError?

  func secret(for item: ItemID) throws(KeyringError) -> SecretBytes? {
    contents[item].map { SecretBytes(copying: $0.span) }
  }

  func save(_ secret: borrowing SecretBytes, for item: ItemID, label: String) throws(KeyringError) {
    if let saving { throw saving }
    contents[item] = secret.array
  }

  func remove(_ item: ItemID) throws(KeyringError) {
    contents[item] = nil
  }

  func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ItemID] {
    contents.keys.filter { $0.kind == kind }
  }
}

extension SecretBytes {
  /// A copy for a test to look at.
  var array: [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] } } }
}
