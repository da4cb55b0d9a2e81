import Keyring
import TestSupport
import Testing

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
