import Keyring
import Secrets
import TestSupport

@testable import Sessions

/// A keyring in memory, which fails where a test says so.
final class MemoryStore: SecretStore {
  var contents: [ItemID: [UInt8]] = [:]
  /// A runtime folder of its own.
  let scratch = ScratchFolder()
  var saving: KeyringError?
  var removing: KeyringError?
  /// What reading an item throws, as long as it is not removed.
  var reading: [ItemID: KeyringError] = [:]

  func secret(for item: ItemID) throws(KeyringError) -> SecretBytes? {
    if let error = reading[item] { throw error }
    return contents[item].map { SecretBytes(copying: $0.span) }
  }

  func save(_ secret: borrowing SecretBytes, for item: ItemID, label: String) throws(KeyringError) {
    if let saving { throw saving }
    contents[item] = secret.array
  }

  func remove(_ item: ItemID) throws(KeyringError) {
    if let removing { throw removing }
    contents[item] = nil
    reading[item] = nil
  }

  func items(ofKind kind: ItemID.Kind) throws(KeyringError) -> [ListedItem] {
    contents.keys.filter { $0.kind == kind }.map { ListedItem(id: $0) }
  }

  var folder: RuntimeFolder { RuntimeFolder(environment: ["XDG_RUNTIME_DIR": scratch.path]) }
  /// Sessions among its items.
  var sessions: SecretServiceSessions { SecretServiceSessions(store: self, mark: FallbackMark(in: folder)) }

  /// Removes every long-term key.
  func removeKeys() {
    contents = contents.filter { $0.key.kind != .longTermKey }
  }
}

extension SecretBytes {
  /// A copy for a test to look at.
  var array: [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] } } }
}
