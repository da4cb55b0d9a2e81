import Glibc
import KeyringProcess
import Secrets
import TestSupport

@testable import Keyring

/// The stores of the tests, and the items they use.
enum TestKeyring {
  static func store(
    _ environment: [String: String], timeouts: KeyringTimeouts = KeyringTimeouts(answer: .seconds(20)),
    progress: @escaping (KeyringPhase) -> Void = { _ in }
  ) -> StoreProcess {
    StoreProcess(environment: environment, timeouts: timeouts, progress: progress)
  }

  static let key = ItemID(kind: .longTermKey, name: "prod")
  static let session = ItemID(kind: .session, name: "0f3a")

  /// What the service is told about `key`.
  static let attributes = ItemSchema(.longTermKey).attributes(of: "prod")
  /// What it was told by version 0.1.
  static let firstAttributes = ItemSchema(.longTermKey, .legacy).attributes(of: "prod")
}

extension SecretStore {
  /// The secret as an array, which `#expect` can take.
  func bytes(of item: ItemID) throws(SecretStoreError) -> [UInt8]? {
    try secret(for: item).withValue { $0.array }
  }

  func save(_ bytes: [UInt8], for item: ItemID) throws(SecretStoreError) {
    try save(SecretBytes(copying: bytes.span), for: item)
  }
}
