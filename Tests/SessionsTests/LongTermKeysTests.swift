import FoundationEssentials
import Glibc
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

// MARK: - Locks

struct KeyLockTests {
  @Test func `a lock is free at once, also while a child that is being started has its file too`() throws {
    let store = MemoryStore()
    let locks = KeyLocks(folder: store.folder)
    var copies: [Int32] = []
    defer { for copy in copies { close(copy) } }
    try locks.withLock(ofKeyOf: "prod") {
      let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
      let locked = open.filter { descriptor in
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        return path?.hasPrefix(store.scratch.path) == true && path?.hasSuffix(".lock") == true
      }
      copies = locked.map { fcntl($0, F_DUPFD_CLOEXEC, 0) }
    }
    #expect(copies.count == 1)
    try locks.withLock(ofKeyOf: "prod") {}
  }
}
