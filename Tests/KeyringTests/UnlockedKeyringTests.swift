import Foundation
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
