import FoundationEssentials
import Keyring
import Secrets
import Testing

@testable import Sessions

/// Keys that version 0.1 stored.
struct StoredKeyMoveTests {
  private static let old = PayloadTests.payload(version: 1, ["AKIAMADEUP0000000001", "made/up+secret", "1795000000"])
  private let store = MemoryStore()
  private let item = ItemID(kind: .longTermKey, name: "prod")
  private var locks: KeyLocks { KeyLocks(folder: store.folder) }

  init() { store.contents[item] = Self.old }

  private func readID() throws -> String? {
    try LongTermKeys(store: store, locks: locks).key(of: "prod").withValue { $0.credentials.accessKeyID }
  }

  @Test func `reading one stores it as today's are`() throws {
    #expect(try readID() == "AKIAMADEUP0000000001")
    #expect(
      store.contents[item]?.starts(with: Array(#"{"format":2,"access_key_id":"AKIAMADEUP0000000001""#.utf8)) == true)
    #expect(try readID() == "AKIAMADEUP0000000001")
  }

  @Test func `one is read, and left alone, while another command changes the key`() throws {
    let id = try locks.withLock(ofKeyOf: "prod") { try readID() }
    #expect(id == "AKIAMADEUP0000000001")
    #expect(store.contents[item] == Self.old)
  }

  @Test func `one that cannot be stored anew is used as it is`() throws {
    store.saving = .refused(item, "disk full")
    #expect(try readID() == "AKIAMADEUP0000000001")
    #expect(store.contents[item] == Self.old)
  }
}
