import FoundationEssentials
import Keyring
import Secrets
import Testing

@testable import Sessions

struct SessionCacheTests {
  let store = MemoryStore()
  static let start = Date(timeIntervalSince1970: 1_795_000_000)

  func cache(secondsLater: TimeInterval = 0) -> SessionCache {
    SessionCache(store: store.sessions) { Self.start + secondsLater }
  }

  func save(keyProfile: String = "base", life: TimeInterval = 3600, duration: Int = 3600) throws -> PlanDigest {
    let digest = PlanDigest(of: PlanDigestTests.session(seconds: duration), accessPoint: PlanDigestTests.here)
    let about = CachedSession.About(
      keyProfile: keyProfile, role: nil, device: nil, issued: Self.start, expiration: Self.start + life)
    try cache().save(CachedSession(credentials: .madeUpSession(until: about.expiration), about: about), of: digest)
    return digest
  }

  @Test func `a session comes back while it has enough time left`() throws {
    let digest = try save()
    let early = try cache(secondsLater: 3300).session(of: digest, margin: .command).exists
    let late = try cache(secondsLater: 3301).session(of: digest, margin: .command).exists
    #expect(early)
    #expect(!late)
    #expect(store.contents.count == 1, "it is still good for others")
  }

  @Test func `an expired session is removed when it is met`() throws {
    let digest = try save()
    let found = try cache(secondsLater: 3600).session(of: digest, margin: .nextStep).exists
    #expect(!found)
    #expect(store.contents.isEmpty)
  }

  @Test func `a damaged session counts as none and is removed`() throws {
    let digest = try save()
    let item = ItemID(kind: .session, name: digest.text)
    store.contents[item]?[20] ^= 1
    let found = try cache().session(of: digest, margin: .nextStep).exists
    #expect(!found)
    #expect(store.contents.isEmpty)
  }

  @Test func `listing drops what has expired and sorts by time left`() throws {
    _ = try save(life: 900, duration: 900)
    _ = try save(life: 7200, duration: 7200)
    _ = try save(life: 3600, duration: 3600)
    let left = try cache(secondsLater: 1000).all().map { $0.expiration.timeIntervalSince(Self.start) }
    #expect(left == [3600, 7200])
    #expect(store.contents.count == 2)
  }

  @Test func `sessions of one key are forgotten without the others`() throws {
    _ = try save(keyProfile: "base", duration: 900)
    _ = try save(keyProfile: "other", duration: 901)
    #expect(try cache().removeAll(madeWithKeyOf: "base") == 1)
    #expect(try cache().all().map(\.keyProfile) == ["other"])
    #expect(try cache().removeAll() == 1)
    #expect(store.contents.isEmpty)
  }
}
