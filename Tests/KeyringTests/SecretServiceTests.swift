import Foundation
import Glibc
import Keyring
import Secrets
import TestSupport
import Testing

@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct UnlockedKeyringTests {
  let keyring: PrivateKeyring
  let store: WorkerStore

  init() throws {
    keyring = try PrivateKeyring()
    store = TestWorker.store(keyring.environment)
  }

  @Test(arguments: [1, 8191, 8192, 8193, 65536, 1 << 20])
  func `a secret comes back byte for byte`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try store.save(bytes, for: TestWorker.key)
    let isSame = try store.bytes(of: TestWorker.key) == bytes
    #expect(isSame)
  }

  @Test(arguments: [[0], [0xff], [0, 1, 0], [0x0a], [0xff, 0, 0xfe], Array("🔑".utf8)] as [[UInt8]])
  func `bytes that are not text come back as they were`(bytes: [UInt8]) throws {
    try store.save(bytes, for: TestWorker.key)
    #expect(try store.bytes(of: TestWorker.key) == bytes)
  }

  @Test func `what was never saved is missing`() throws {
    #expect(try store.bytes(of: TestWorker.key) == nil)
  }

  @Test func `saving again replaces`() throws {
    try store.save([1], for: TestWorker.key)
    try store.save([2], for: TestWorker.key)
    #expect(try store.bytes(of: TestWorker.key) == [2])
    #expect(keyring.paths(with: TestWorker.attributes).count == 1)
  }

  @Test func `what was removed is missing, and removing it again is no error`() throws {
    try store.save([1], for: TestWorker.key)
    try store.remove(TestWorker.key)
    try store.remove(TestWorker.key)
    #expect(try store.bytes(of: TestWorker.key) == nil)
  }

  @Test func `items are listed by kind`() throws {
    let other = ItemID(kind: .longTermKey, name: "a profile, with = and ü")
    try store.save([1], for: TestWorker.key)
    try store.save([2], for: other)
    try store.save([3], for: TestWorker.session)
    #expect(try Set(store.items(ofKind: .longTermKey).map(\.id)) == [TestWorker.key, other])
    #expect(try store.items(ofKind: .session).map(\.id) == [TestWorker.session])
  }

  @Test func `an item is listed with the time it was stored, and one that is replaced with the new one`() throws {
    let start = Int(Date.now.timeIntervalSince1970)
    try store.save([1], for: TestWorker.key)
    let first = try #require(store.items(ofKind: .longTermKey).first?.modified)
    #expect((start...Int(Date.now.timeIntervalSince1970)).contains(first))
    #expect(eventually { Int(Date.now.timeIntervalSince1970) > first })
    try store.save([2], for: TestWorker.key)
    #expect(try #require(store.items(ofKind: .longTermKey).first?.modified) > first)
  }

  @Test func `an open keyring without items lists none`() throws {
    #expect(try store.items(ofKind: .longTermKey) == [])
  }

  @Test func `an item has the agreed attributes and label, and no others`() throws {
    try store.save([1], for: TestWorker.key)
    let path = try #require(keyring.paths(with: ["profile": "prod"]).first)
    #expect(
      keyring.property("Attributes", ofItem: path)
        == "(<{'kind': 'key', 'profile': 'prod', 'version': '1', 'xdg:schema': 'io.github.daypass.LongTermKey'}>,)")
    #expect(keyring.property("Label", ofItem: path) == "(<'daypass: prod'>,)")
  }

  @Test func `a session lives in memory only`() throws {
    let before = Files.contents(below: keyring.folder)
    try store.save([1, 2, 3], for: TestWorker.session)
    let path = try #require(keyring.paths(with: ["profile": TestWorker.session.name]).first)
    #expect(path.hasPrefix("/org/freedesktop/secrets/collection/session/"))
    #expect(Files.contents(below: keyring.folder) == before)
    #expect(try store.bytes(of: TestWorker.session) == [1, 2, 3])
  }

  @Test func `a key is written to disk`() throws {
    let before = Files.contents(below: keyring.folder)
    try store.save([1, 2, 3], for: TestWorker.key)
    #expect(Files.contents(below: keyring.folder) != before)
  }

  @Test func `an empty secret is refused before anything is asked`() throws {
    #expect(throws: KeyringError.emptySecret) { try store.save([], for: TestWorker.key) }
    #expect(try store.bytes(of: TestWorker.key) == nil)
  }

  @Test func `a secret that is too large is refused before anything is asked`() {
    #expect(throws: KeyringError.tooLarge(limit: 1 << 20)) {
      try store.save([UInt8](repeating: 1, count: 1 << 20 + 1), for: TestWorker.key)
    }
  }
}

// MARK: - Keyring state tests

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

// MARK: - Foreign item tests

@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct ForeignItemTests {
  let keyring: PrivateKeyring
  let store: WorkerStore

  init() throws {
    keyring = try PrivateKeyring()
    store = TestWorker.store(keyring.environment)
  }

  @Test(arguments: [
    ["xdg:schema": "org.example.Other"], ["xdg:schema": "io.github.daypass.Session"], ["version": "2"], ["extra": "1"],
    ["kind": "session"],
  ])
  func `an item that differs from ours is never taken for ours`(difference: [String: String]) throws {
    try keyring.plant(TestWorker.attributes.merging(difference) { _, new in new }, secret: "planted")
    #expect(try store.bytes(of: TestWorker.key) == nil)
    #expect(try store.items(ofKind: .longTermKey) == [])
    try store.remove(TestWorker.key)
    #expect(keyring.paths(with: ["profile": "prod"]).count == 1)
  }

  @Test func `our own item is found beside a foreign one`() throws {
    try store.save([7], for: TestWorker.key)
    try keyring.plant(
      TestWorker.attributes.merging(["xdg:schema": "org.example.Other"]) { _, new in new }, secret: "planted")
    #expect(try store.bytes(of: TestWorker.key) == [7])
  }

  @Test func `two items of one name are an error, until they are removed`() throws {
    try store.save([1], for: TestWorker.key)
    try keyring.plant(TestWorker.attributes.merging(["extra": "1"]) { _, new in new }, secret: "planted")
    let second = try #require(keyring.paths(with: ["extra": "1"]).first)
    try keyring.setAttributes(TestWorker.attributes, ofItem: second)
    let both = keyring.paths(with: TestWorker.attributes).sorted()
    #expect(both.count == 2)
    #expect(throws: KeyringError.ambiguous(TestWorker.key, paths: both)) { try store.bytes(of: TestWorker.key) }
    try store.remove(TestWorker.key)
    #expect(try store.bytes(of: TestWorker.key) == nil)
  }

  @Test func `an item whose secret was never written is damaged, and saving it again repairs it`() throws {
    try keyring.plant(TestWorker.attributes, secret: "")
    #expect(throws: KeyringError.damaged(TestWorker.key)) { try store.bytes(of: TestWorker.key) }
    try store.save([1], for: TestWorker.key)
    #expect(try store.bytes(of: TestWorker.key) == [1])
  }

  @Test(arguments: ["login", "Login"])
  func `the collection can be named by its path or its label`(name: String) throws {
    let named = TestWorker.store(keyring.environment.merging(["DAYPASS_COLLECTION": name]) { _, new in new })
    try named.save([1], for: TestWorker.key)
    #expect(try store.bytes(of: TestWorker.key) == [1])
  }

  @Test func `a key is looked for in its collection only`() throws {
    let named = TestWorker.store(keyring.environment.merging(["DAYPASS_COLLECTION": "session"]) { _, new in new })
    try store.save([1], for: TestWorker.key)
    #expect(try named.bytes(of: TestWorker.key) == nil)
  }

  @Test func `a collection that is not there is not made`() {
    let named = TestWorker.store(keyring.environment.merging(["DAYPASS_COLLECTION": "nope"]) { _, new in new })
    #expect(throws: KeyringError.noCollection("nope")) { try named.bytes(of: TestWorker.key) }
    #expect(throws: KeyringError.noCollection("nope")) { try named.save([1], for: TestWorker.key) }
    #expect(throws: KeyringError.noCollection("nope")) { try named.items(ofKind: .longTermKey) }
  }
}
