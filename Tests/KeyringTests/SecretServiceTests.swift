import Foundation
import Glibc
import KeyringProcess
import Secrets
import TestSupport
import Testing

@testable import Keyring

@Suite(.keyring)
struct UnlockedKeyringTests {
  let keyring: PrivateKeyring
  let store: StoreProcess

  init() throws {
    keyring = try PrivateKeyring()
    store = TestKeyring.store(keyring.environment)
  }

  @Test(arguments: [1, 8191, 8192, 8193, 65536, 1 << 20])
  func `a secret comes back byte for byte`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try store.save(bytes, for: TestKeyring.key)
    let isSame = try store.bytes(of: TestKeyring.key) == bytes
    #expect(isSame)
  }

  @Test(arguments: [[0], [0xff], [0, 1, 0], [0x0a], [0xff, 0, 0xfe], Array("🔑".utf8)] as [[UInt8]])
  func `bytes that are not text come back as they were`(bytes: [UInt8]) throws {
    try store.save(bytes, for: TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == bytes)
  }

  @Test func `what was never saved is missing`() throws {
    #expect(try store.bytes(of: TestKeyring.key) == nil)
  }

  @Test func `saving again replaces`() throws {
    try store.save([1], for: TestKeyring.key)
    try store.save([2], for: TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == [2])
    #expect(keyring.paths(with: TestKeyring.attributes).count == 1)
  }

  @Test func `what was removed is missing, and removing it again is no error`() throws {
    try store.save([1], for: TestKeyring.key)
    try store.remove(TestKeyring.key)
    try store.remove(TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == nil)
  }

  @Test func `items are listed by kind`() throws {
    let other = ItemID(kind: .longTermKey, name: "a profile, with = and ü")
    try store.save([1], for: TestKeyring.key)
    try store.save([2], for: other)
    try store.save([3], for: TestKeyring.session)
    #expect(try Set(store.items(ofKind: .longTermKey).map(\.id)) == [TestKeyring.key, other])
    #expect(try store.items(ofKind: .session).map(\.id) == [TestKeyring.session])
  }

  @Test func `an item is listed with the time it was stored, and one that is replaced with the new one`() throws {
    let start = Int(Date.now.timeIntervalSince1970)
    try store.save([1], for: TestKeyring.key)
    let first = try #require(store.items(ofKind: .longTermKey).first?.modified)
    #expect((start...Int(Date.now.timeIntervalSince1970)).contains(first))
    #expect(eventually { Int(Date.now.timeIntervalSince1970) > first })
    try store.save([2], for: TestKeyring.key)
    #expect(try #require(store.items(ofKind: .longTermKey).first?.modified) > first)
  }

  @Test func `an open keyring without items lists none`() throws {
    #expect(try store.items(ofKind: .longTermKey) == [])
  }

  @Test func `a session lives in memory only`() throws {
    let before = Files.contents(below: keyring.folder)
    try store.save([1, 2, 3], for: TestKeyring.session)
    let path = try #require(keyring.paths(with: ["daypass-session": TestKeyring.session.name]).first)
    #expect(path.hasPrefix("/org/freedesktop/secrets/collection/session/"))
    #expect(Files.contents(below: keyring.folder) == before)
    #expect(try store.bytes(of: TestKeyring.session) == [1, 2, 3])
  }

  @Test func `a key is written to disk`() throws {
    let before = Files.contents(below: keyring.folder)
    try store.save([1, 2, 3], for: TestKeyring.key)
    #expect(Files.contents(below: keyring.folder) != before)
  }

  @Test(arguments: [0, 1 << 20 + 1])
  func `a secret without bytes, or with more than a MiB, is not stored`(count: Int) throws {
    #expect(throws: SecretStoreError.refused(TestKeyring.key, "a secret has 1 to 1048576 bytes")) {
      try store.save([UInt8](repeating: 1, count: count), for: TestKeyring.key)
    }
    #expect(try store.bytes(of: TestKeyring.key) == nil)
  }
}

// MARK: - Keyring state tests

/// The states of a real keyring in which nobody can answer: each has its own error, and no call waits for ever.
@Suite(.keyring)
struct KeyringStateTests {
  enum Call: CaseIterable {
    case secret, save, remove

    func callAsFunction(_ store: StoreProcess) throws(SecretStoreError) {
      switch self {
      case .secret: _ = try store.bytes(of: TestKeyring.key)
      case .save: try store.save([2], for: TestKeyring.key)
      case .remove: try store.remove(TestKeyring.key)
      }
    }
  }

  let keyring: PrivateKeyring

  init() throws { keyring = try PrivateKeyring() }

  @Test func `a locked keyring is distinguished from a missing key, and items are still listed`() throws {
    let store = TestKeyring.store(keyring.environment)
    try store.save([1], for: TestKeyring.key)
    let listed = try store.items(ofKind: .longTermKey)
    try keyring.lock()
    for call in Call.allCases { #expect(throws: SecretStoreError.locked) { try call(store) } }
    #expect(try store.items(ofKind: .longTermKey) == listed)
    #expect(listed.map(\.id) == [TestKeyring.key] && listed[0].modified != nil)
  }

  @Test func `sessions can be used while the keyring is locked`() throws {
    let store = TestKeyring.store(keyring.environment)
    try keyring.lock()
    try store.save([1], for: TestKeyring.session)
    #expect(try store.bytes(of: TestKeyring.session) == [1])
  }

  @Test func `a keyring that was never unlocked does not claim to be empty`() throws {
    let store = TestKeyring.store(keyring.environment)
    try store.save([1], for: TestKeyring.key)
    keyring.kill()
    try keyring.startNeverUnlocked()
    for call in Call.allCases { #expect(throws: SecretStoreError.locked) { try call(store) } }
    #expect(throws: SecretStoreError.locked) { try store.items(ofKind: .longTermKey) }
    #expect(try store.items(ofKind: .session) == [])
  }

  @Test func `with a display, unlocking is tried and announced, and it is reported if no dialog appears`() throws {
    try keyring.lock()
    var phases: [KeyringPhase] = []
    let environment = keyring.environment.merging(["DISPLAY": ":79"]) { _, new in new }
    let store = TestKeyring.store(environment) { phases.append($0) }
    #expect(throws: SecretStoreError.secretService(.noPrompter)) { try store.bytes(of: TestKeyring.key) }
    #expect(phases == [.unlocking, .asking])
    #expect(keyring.isAlive)
  }

  @Test(arguments: Call.allCases)
  func `a frozen keyring is given up on, and works again when it wakes`(call: Call) throws {
    let timeouts = KeyringTimeouts(answer: .milliseconds(300))
    let store = TestKeyring.store(keyring.environment, timeouts: timeouts)
    keyring.freeze()
    #expect(throws: SecretStoreError.timedOut(seconds: 0)) { try call(store) }
    keyring.resume()
    let patient = TestKeyring.store(keyring.environment)
    try patient.save([1], for: TestKeyring.key)
    #expect(try patient.bytes(of: TestKeyring.key) == [1])
    #expect(keyring.isAlive)
  }

  @Test func `a keyring that freezes between two calls is given up on`() throws {
    let store = TestKeyring.store(keyring.environment, timeouts: KeyringTimeouts(answer: .seconds(3)))
    try store.save([1], for: TestKeyring.session)
    keyring.freeze()
    #expect(throws: SecretStoreError.timedOut(seconds: 3)) {
      try store.bytes(of: TestKeyring.session)
    }
    keyring.resume()
  }

  @Test(arguments: Call.allCases)
  func `a keyring that was killed between two calls is no service`(call: Call) throws {
    let store = TestKeyring.store(keyring.environment)
    try store.save([1], for: TestKeyring.key)
    keyring.kill()
    #expect(throws: SecretStoreError.secretService(.noService)) { try call(store) }
  }

  @Test func `a keyring that was replaced between two calls is found again`() throws {
    let store = TestKeyring.store(keyring.environment)
    try store.save([1], for: TestKeyring.key)
    keyring.kill()
    try keyring.startUnlocked()
    #expect(try store.bytes(of: TestKeyring.key) == [1])
  }

  @Test func `a bus that was killed between two calls is unusable`() throws {
    let store = TestKeyring.store(keyring.environment)
    try store.save([1], for: TestKeyring.key)
    keyring.bus.end()
    let address = keyring.environment["DBUS_SESSION_BUS_ADDRESS"] ?? ""
    #expect(throws: SecretStoreError.secretService(.unusableBus(address: address, reason: .unreachable))) {
      try store.bytes(of: TestKeyring.key)
    }
  }
}

// MARK: - Unlocking tests

@Suite(.keyring)
struct UnlockingTests {
  private let keyring: PrivateKeyring
  private let store: StoreProcess

  init() throws {
    keyring = try PrivateKeyring()
    store = TestKeyring.store(keyring.environment)
  }

  @Test func `a locked keyring opens with its password, and says when it is a wrong one`() throws {
    try store.save([1], for: TestKeyring.key)
    #expect(try store.state() == .open)
    try keyring.lock()
    #expect(try store.state() == .locked)
    #expect(throws: SecretStoreError.secretService(.wrongPassword)) {
      try store.unlock(password: SecretBytes(copying: "not it"))
    }
    #expect(try store.state() == .locked)
    try store.unlock(password: SecretBytes(copying: PrivateKeyring.password))
    #expect(try store.bytes(of: TestKeyring.key) == [1])
  }

  @Test func `a keyring that was never unlocked opens with its password`() throws {
    try store.save([1], for: TestKeyring.key)
    keyring.kill()
    try keyring.startNeverUnlocked()
    try store.unlock(password: SecretBytes(copying: PrivateKeyring.password))
    #expect(try store.bytes(of: TestKeyring.key) == [1])
  }

  @Test func `the first keyring is created with a password, which opens it later`() throws {
    keyring.kill()
    try keyring.startWithoutCollection()
    #expect(try store.state() == .missing)
    try store.createKeyring(password: SecretBytes(copying: PrivateKeyring.password))
    #expect(try store.state() == .open)
    try store.save([1], for: TestKeyring.key)
    keyring.kill()
    try keyring.startNeverUnlocked()
    #expect(try store.state() == .locked)
    try store.unlock(password: SecretBytes(copying: PrivateKeyring.password))
    #expect(try store.bytes(of: TestKeyring.key) == [1])
  }

  @Test(.enabled(if: ServiceDouble.isPossible, "python3-gi or openssl is not installed"))
  func `a service that takes no password from a program is distinguished from a wrong password`() throws {
    keyring.kill()
    let service = try ServiceDouble("lying", on: keyring.bus)
    #expect(throws: SecretStoreError.secretService(.noUnlockInterface)) {
      try store.unlock(password: SecretBytes(copying: "x"))
    }
    withExtendedLifetime(service) {}
  }
}
