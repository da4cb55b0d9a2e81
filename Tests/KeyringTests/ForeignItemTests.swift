import Foundation
import Glibc
import KeyringProcess
import Secrets
import TestSupport
import Testing

@testable import Keyring

@Suite(.keyring)
struct ForeignItemTests {
  let keyring: PrivateKeyring
  let store: StoreProcess

  init() throws {
    keyring = try PrivateKeyring()
    store = TestKeyring.store(keyring.environment)
  }

  @Test(arguments: [
    ["xdg:schema": "org.example.Other"], ["xdg:schema": "io.github.daypass.Session"], ["daypass-format": "1"],
    ["daypass-kind": "session"],
  ])
  func `an item that differs from ours is never taken for ours`(difference: [String: String]) throws {
    try keyring.plant(TestKeyring.attributes.merging(difference) { _, new in new }, secret: "planted")
    #expect(try store.bytes(of: TestKeyring.key) == nil)
    #expect(try store.items(ofKind: .longTermKey) == [])
    try store.remove(TestKeyring.key)
    #expect(keyring.paths(with: ["daypass-profile": "prod"]).count == 1)
  }

  @Test func `our own item is found beside a foreign one`() throws {
    try store.save([7], for: TestKeyring.key)
    try keyring.plant(
      TestKeyring.attributes.merging(["xdg:schema": "org.example.Other"]) { _, new in new }, secret: "planted")
    #expect(try store.bytes(of: TestKeyring.key) == [7])
  }

  /// KeePassXC gives every item a title, a user name and more.
  @Test func `an item to which the service added attributes is ours`() throws {
    try keyring.plant(TestKeyring.attributes.merging(["Title": "x"]) { _, new in new }, secret: "ours")
    #expect(try store.bytes(of: TestKeyring.key) == Array("ours".utf8))
    try store.save([7], for: TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == [7])
    #expect(try store.items(ofKind: .longTermKey).map(\.id) == [TestKeyring.key])
    try store.remove(TestKeyring.key)
    #expect(keyring.paths(with: ["daypass-profile": "prod"]) == [])
  }

  @Test func `saving neither reads nor replaces another program's item that has our attributes and one more`() throws {
    try store.save([7], for: TestKeyring.key)
    try keyring.plant(TestKeyring.attributes.merging(["x": "y"]) { _, new in new }, secret: "theirs")
    try store.save([8], for: TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == [8])
    #expect(keyring.lookUp(["x": "y"]) == "theirs")
    try store.remove(TestKeyring.key)
    #expect(keyring.lookUp(["x": "y"]) == "theirs")
  }

  /// What aws-vault and granted store (99designs/keyring: `profile` alone), and what a person may store with secret-tool.
  private static let others: [[String: String]] = [
    ["profile": "prod"], ["profile": "prod", "service": "aws"], ["profile": "prod", "kind": "key"],
  ]

  @Test(arguments: others)
  func `a key is added beside another program's item of the same profile, and both stay`(
    theirs: [String: String]
  ) throws {
    try keyring.plant(theirs, secret: "theirs")
    #expect(try store.bytes(of: TestKeyring.key) == nil)
    #expect(try store.items(ofKind: .longTermKey) == [])
    try store.save([1], for: TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == [1])
    let paths = keyring.paths(with: theirs)
    #expect(paths.count == 1)
    #expect(keyring.lookUp(theirs) == "theirs")
    try keyring.plant(theirs, secret: "theirs, newer")
    #expect(keyring.paths(with: theirs) == paths)
    #expect(keyring.lookUp(theirs) == "theirs, newer")
    #expect(try store.bytes(of: TestKeyring.key) == [1])
    #expect(try store.items(ofKind: .longTermKey).map(\.id) == [TestKeyring.key])
  }

  @Test(arguments: others)
  func `another program's item of the same profile replaces nothing of ours`(theirs: [String: String]) throws {
    try store.save([1], for: TestKeyring.key)
    try keyring.plant(theirs, secret: "theirs")
    #expect(try store.bytes(of: TestKeyring.key) == [1])
    #expect(try store.items(ofKind: .longTermKey).map(\.id) == [TestKeyring.key])
    try store.save([2], for: TestKeyring.key)
    #expect(keyring.lookUp(theirs) == "theirs")
    try store.remove(TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == nil)
    #expect(keyring.lookUp(theirs) == "theirs")
    try store.save([3], for: TestKeyring.key)
    #expect(keyring.lookUp(theirs) == "theirs")
    #expect(try store.bytes(of: TestKeyring.key) == [3])
  }

  @Test func `an item of version 0_1 is found and listed, and saving it moves it`() throws {
    try keyring.plant(TestKeyring.firstAttributes, secret: "old")
    #expect(try store.bytes(of: TestKeyring.key) == Array("old".utf8))
    #expect(try store.items(ofKind: .longTermKey).map(\.id) == [TestKeyring.key])
    try store.save([9], for: TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == [9])
    #expect(keyring.paths(with: TestKeyring.firstAttributes) == [])
    #expect(try store.items(ofKind: .longTermKey).map(\.id) == [TestKeyring.key])
  }

  /// A save that was killed between storing the new item and removing the old one.
  @Test func `beside an item of version 0_1 the new one counts, and both are removed`() throws {
    try store.save([9], for: TestKeyring.key)
    try keyring.plant(TestKeyring.firstAttributes, secret: "old")
    #expect(try store.bytes(of: TestKeyring.key) == [9])
    #expect(try store.items(ofKind: .longTermKey).map(\.id) == [TestKeyring.key])
    try store.remove(TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == nil)
    #expect(keyring.paths(with: ["profile": "prod"]) == [])
  }

  /// Two items with our attributes; how the second came to be is another program's secret.
  private func storeTwice(_ secret: String) throws -> [String] {
    try store.save([1], for: TestKeyring.key)
    try keyring.plant(["x": "1"], secret: secret)
    let second = try #require(keyring.paths(with: ["x": "1"]).first)
    try keyring.setAttributes(TestKeyring.attributes, ofItem: second)
    return keyring.paths(with: TestKeyring.attributes).sorted()
  }

  @Test func `two items of one name that disagree are an error, and neither is removed`() throws {
    let both = try storeTwice("planted")
    #expect(both.count == 2)
    let ambiguous = SecretStoreError.ambiguous(TestKeyring.key, paths: both)
    #expect(throws: ambiguous) { try store.bytes(of: TestKeyring.key) }
    #expect(throws: ambiguous) { try store.save([2], for: TestKeyring.key) }
    #expect(throws: ambiguous) { try store.remove(TestKeyring.key) }
    #expect(keyring.paths(with: TestKeyring.attributes).sorted() == both)
  }

  @Test func `two items of one name that agree are one`() throws {
    #expect(try storeTwice("\u{1}").count == 2)
    #expect(try store.bytes(of: TestKeyring.key) == [1])
  }

  @Test func `an item whose secret was never written is damaged, and saving it again repairs it`() throws {
    try keyring.plant(TestKeyring.attributes, secret: "")
    #expect(throws: SecretStoreError.damaged(TestKeyring.key)) { try store.bytes(of: TestKeyring.key) }
    try store.save([1], for: TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == [1])
  }

  @Test(arguments: ["login", "Login"])
  func `the collection can be named by its path or its label`(name: String) throws {
    let named = TestKeyring.store(keyring.environment.merging(["DAYPASS_COLLECTION": name]) { _, new in new })
    try named.save([1], for: TestKeyring.key)
    #expect(try store.bytes(of: TestKeyring.key) == [1])
  }

  @Test func `a key is looked for in its collection only`() throws {
    let named = TestKeyring.store(keyring.environment.merging(["DAYPASS_COLLECTION": "session"]) { _, new in new })
    try store.save([1], for: TestKeyring.key)
    #expect(try named.bytes(of: TestKeyring.key) == nil)
  }

  @Test func `a collection that is not there is not made`() {
    let named = TestKeyring.store(keyring.environment.merging(["DAYPASS_COLLECTION": "nope"]) { _, new in new })
    #expect(throws: SecretStoreError.secretService(.noCollection("nope"))) { try named.bytes(of: TestKeyring.key) }
    #expect(throws: SecretStoreError.secretService(.noCollection("nope"))) { try named.save([1], for: TestKeyring.key) }
    #expect(throws: SecretStoreError.secretService(.noCollection("nope"))) { try named.items(ofKind: .longTermKey) }
  }
}
