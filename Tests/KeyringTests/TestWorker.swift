import Keyring
import Secrets
import TestSupport

/// The worker program of the tests, and the items they use.
enum TestWorker {
  static let program = WorkerProgram(path: Installed.product("keyring-worker"), arguments: ["keyring-worker"])

  static func store(
    _ environment: [String: String], deadlines: KeyringDeadlines = KeyringDeadlines(asking: .seconds(20)),
    progress: @escaping (KeyringPhase) -> Void = { _ in }
  ) -> WorkerStore {
    WorkerStore(program: program, environment: environment, deadlines: deadlines, progress: progress)
  }

  static let key = ItemID(kind: .longTermKey, name: "prod")
  static let session = ItemID(kind: .session, name: "0f3a")

  /// What the service is told about `key`.
  static let attributes = [
    "xdg:schema": "io.github.daypass.LongTermKey", "version": "1", "kind": "key", "profile": "prod",
  ]
}

extension SecretStore {
  /// The secret as an array, which `#expect` can take.
  func bytes(of item: ItemID) throws(KeyringError) -> [UInt8]? {
    try secret(for: item).withValue { secret in
      secret.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }
  }

  func save(_ bytes: [UInt8], for item: ItemID) throws(KeyringError) {
    try save(SecretBytes(copying: bytes.span), for: item, label: "daypass: " + item.name)
  }
}
