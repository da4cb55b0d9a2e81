import Foundation
import Keyring
import Secrets
import TestSupport

/// A `SecretServiceStore` in a process of its own: libsecret knows one session bus a process, and tests have many.
///
/// Requests and replies are JSON, a line each.
package final class StoreProcess: SecretStore {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let progress: (KeyringPhase) -> Void
  private var unread = Data()

  package init(
    environment: [String: String], timeouts: KeyringTimeouts, progress: @escaping (KeyringPhase) -> Void = { _ in }
  ) {
    self.progress = progress
    process.arguments = [timeouts.answer, timeouts.dialog].map { "\(Int($0 / .milliseconds(1)))" }
    process.environment = environment
    process.standardInput = input
    process.standardOutput = output
    do {
      process.executableURL = URL(filePath: try builtProgram("KeyringProcess"))
      try process.run()
    } catch {
      preconditionFailure("the keyring's process does not start: \(error)")
    }
  }

  deinit {
    // It ends with its input, or with the call that it waits for.
    try? input.fileHandleForWriting.close()
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  package func secret(for item: ItemID) throws(SecretStoreError) -> SecretBytes? {
    try result(of: .secret(item)).secret.map { SecretBytes(copying: [UInt8]($0).span) }
  }

  package func save(_ secret: borrowing SecretBytes, for item: ItemID) throws(SecretStoreError) {
    _ = try result(of: .save(Data(secret.array), item))
  }

  package func remove(_ item: ItemID) throws(SecretStoreError) {
    _ = try result(of: .remove(item))
  }

  package func items(ofKind kind: ItemID.Kind) throws(SecretStoreError) -> [ListedItem] {
    try result(of: .items(kind)).items
  }

  package func state() throws(SecretStoreError) -> SecretServiceStore.State? {
    try result(of: .state).state.flatMap { name in StoreReply.states.first { "\($0)" == name } }
  }

  package func unlock(password: borrowing SecretBytes) throws(SecretStoreError) {
    _ = try result(of: .unlock(password: password.revealed() ?? ""))
  }

  package func createKeyring(password: borrowing SecretBytes) throws(SecretStoreError) {
    _ = try result(of: .createKeyring(password: password.revealed() ?? ""))
  }

  private func result(of request: StoreRequest) throws(SecretStoreError) -> StoreReply.Result {
    do {
      try input.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(request) + Data("\n".utf8))
      while true {
        switch try JSONDecoder().decode(StoreReply.self, from: line()) {
        case .phase(let name): if let phase = StoreReply.phases.first(where: { "\($0)" == name }) { progress(phase) }
        case .done(let result): return result
        case .failed(let error): throw error
        }
      }
    } catch let error as SecretStoreError {
      throw error
    } catch {
      throw .secretService(.other("the keyring's process: \(error)"))
    }
  }

  private func line() throws -> Data {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread = Data(unread[(end + 1)...]) }
        return unread[..<end]
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw SetupFailure("the keyring's process ended") }
      unread += more
    }
  }
}

/// What the process is asked.
enum StoreRequest: Codable {
  case secret(ItemID)
  case save(Data, ItemID)
  case remove(ItemID)
  case items(ItemID.Kind)
  case state
  case unlock(password: String)
  case createKeyring(password: String)
}

/// What it answers: phases, and then how the call ended.
enum StoreReply: Codable {
  case phase(String)
  case done(Result)
  case failed(SecretStoreError)

  struct Result: Codable {
    var secret: Data?
    var items: [ListedItem] = []
    var state: String?
  }

  static let phases: [KeyringPhase] = [.asking, .unlocking, .writing]
  static let states: [SecretServiceStore.State] = [.open, .locked, .missing]
}
