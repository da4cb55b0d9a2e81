import Glibc
import Keyring
import TestSupport
import Testing

/// The states of a real keyring in which nobody can answer: each has its own error, and no call waits for ever.
@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct KeyringStateTests {
  enum Call: CaseIterable {
    case secret, save, remove

    func callAsFunction(_ store: WorkerStore) throws(KeyringError) {
      switch self {
      case .secret: _ = try store.bytes(of: TestWorker.key)
      case .save: try store.save([2], for: TestWorker.key)
      case .remove: try store.remove(TestWorker.key)
      }
    }
  }

  let keyring: PrivateKeyring

  init() throws { keyring = try PrivateKeyring() }

  @Test func `a locked keyring is told from a missing key, and items are still listed`() throws {
    let store = TestWorker.store(keyring.environment)
    try store.save([1], for: TestWorker.key)
    let listed = try store.items(ofKind: .longTermKey)
    try keyring.lock()
    for call in Call.allCases { #expect(throws: KeyringError.locked) { try call(store) } }
    #expect(try store.items(ofKind: .longTermKey) == listed)
    #expect(listed.map(\.id) == [TestWorker.key] && listed[0].modified != nil)
  }

  @Test func `sessions can be used while the keyring is locked`() throws {
    let store = TestWorker.store(keyring.environment)
    try keyring.lock()
    try store.save([1], for: TestWorker.session)
    #expect(try store.bytes(of: TestWorker.session) == [1])
  }

  @Test func `a keyring that was never unlocked does not claim to be empty`() throws {
    let store = TestWorker.store(keyring.environment)
    try store.save([1], for: TestWorker.key)
    keyring.kill()
    try keyring.startNeverUnlocked()
    for call in Call.allCases { #expect(throws: KeyringError.locked) { try call(store) } }
    #expect(throws: KeyringError.locked) { try store.items(ofKind: .longTermKey) }
    #expect(try store.items(ofKind: .session) == [])
  }

  @Test func `with a display the unlocking is tried and said, and it is told that no dialog comes up`() throws {
    try keyring.lock()
    var phases: [KeyringPhase] = []
    let environment = keyring.environment.merging(["DISPLAY": ":79"]) { _, new in new }
    let store = TestWorker.store(environment) { phases.append($0) }
    #expect(throws: KeyringError.noPrompter) { try store.bytes(of: TestWorker.key) }
    #expect(phases == [.unlocking, .asking])
    #expect(keyring.isAlive)
  }

  @Test(arguments: Call.allCases)
  func `a frozen keyring is given up on, and works again when it wakes`(call: Call) throws {
    let deadlines = KeyringDeadlines(asking: .milliseconds(300))
    let store = TestWorker.store(keyring.environment, deadlines: deadlines)
    keyring.freeze()
    #expect(throws: KeyringError.timedOut(seconds: 0, unlocking: false)) { try call(store) }
    keyring.resume()
    let patient = TestWorker.store(keyring.environment)
    try patient.save([1], for: TestWorker.key)
    #expect(try patient.bytes(of: TestWorker.key) == [1])
    #expect(keyring.isAlive)
  }

  @Test func `a keyring that freezes between two calls is given up on`() throws {
    let store = TestWorker.store(keyring.environment, deadlines: KeyringDeadlines(asking: .seconds(3)))
    try store.save([1], for: TestWorker.session)
    keyring.freeze()
    #expect(throws: KeyringError.timedOut(seconds: 3, unlocking: false)) {
      try store.bytes(of: TestWorker.session)
    }
    keyring.resume()
  }

  @Test(arguments: Call.allCases)
  func `a keyring that was killed between two calls is no service`(call: Call) throws {
    let store = TestWorker.store(keyring.environment)
    try store.save([1], for: TestWorker.key)
    keyring.kill()
    #expect(throws: KeyringError.noService) { try call(store) }
  }

  @Test func `a keyring that was replaced between two calls is found again`() throws {
    let store = TestWorker.store(keyring.environment)
    try store.save([1], for: TestWorker.key)
    keyring.kill()
    try keyring.startUnlocked()
    #expect(try store.bytes(of: TestWorker.key) == [1])
  }

  @Test func `a bus that was killed between two calls is unusable`() throws {
    let store = TestWorker.store(keyring.environment)
    try store.save([1], for: TestWorker.key)
    keyring.bus.end()
    let address = keyring.environment["DBUS_SESSION_BUS_ADDRESS"] ?? ""
    #expect(throws: KeyringError.unusableBus(address: address, reason: .unreachable)) {
      try store.bytes(of: TestWorker.key)
    }
  }

  @Test func `hostile variables do not redirect the worker`() throws {
    let stolen = keyring.bus.scratch.path + "/stolen"
    let hostile = [
      "SECRET_BACKEND": "file", "SECRET_FILE_TEST_PATH": stolen, "SECRET_FILE_TEST_PASSWORD": "known",
      "G_MESSAGES_DEBUG": "all", "G_DBUS_DEBUG": "all", "SECRET_SERVICE_BUS_NAME": "org.example.Other",
    ]
    let store = TestWorker.store(keyring.environment.merging(hostile) { _, new in new })
    try store.save([1], for: TestWorker.key)
    #expect(keyring.paths(with: TestWorker.attributes).count == 1)
    #expect(access(stolen, F_OK) != 0)
  }
}
