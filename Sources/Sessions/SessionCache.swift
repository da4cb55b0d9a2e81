package import FoundationEssentials
package import Keyring
package import Secrets

/// Sessions kept in memory by the keyring until they expire.
package struct SessionCache {
  private let store: any SecretStore
  private let now: @Sendable () -> Date

  package init(store: any SecretStore, now: @escaping @Sendable () -> Date) {
    self.store = store
    self.now = now
  }

  /// The session of this digest with enough time left; an expired or damaged one is removed.
  package func session(of digest: PlanDigest, margin: SessionMargin) throws -> Credentials? {
    guard let session = try load(Self.item(of: digest)) else { return nil }
    let about = session.about
    guard margin.allows(issued: about.issued, expiration: about.expiration, at: now()) else { return nil }
    return session.credentials.clone()
  }

  package func save(_ session: borrowing CachedSession, of digest: PlanDigest) throws {
    // Readable by every program on the bus, so no role, device or account.
    let label = "daypass: session of \(session.about.keyProfile)"
    try store.save(session.payload(), for: Self.item(of: digest), label: label)
  }

  package func remove(_ digest: PlanDigest) throws(KeyringError) {
    try store.remove(Self.item(of: digest))
  }

  /// What is cached and has not expired.
  package func all() throws -> [CachedSession.About] {
    try items().map(\.about).sorted { $0.expiration < $1.expiration }
  }

  /// Removes every session, or those made with the key of one profile; returns how many.
  package func removeAll(madeWithKeyOf profile: String? = nil) throws -> Int {
    let doomed = try items().filter { profile == nil || $0.about.keyProfile == profile }
    for entry in doomed { try store.remove(entry.item) }
    return doomed.count
  }

  private func items() throws -> [(item: ItemID, about: CachedSession.About)] {
    var entries: [(item: ItemID, about: CachedSession.About)] = []
    for item in try store.items(ofKind: .session) {
      guard let session = try load(item) else { continue }
      entries.append((item, session.about))
    }
    return entries
  }

  /// Nil where there is none that could be used; what has expired or is damaged is removed on the way.
  private func load(_ item: ItemID) throws -> CachedSession? {
    do {
      guard let payload = try store.secret(for: item) else { return nil }
      let session = try CachedSession(payload: payload)
      if session.about.expiration > now() { return session }
    } catch let error where Self.isDamage(error) {
      // Nothing is lost: a session can be asked for again.
    }
    discard(item)
    return nil
  }

  /// What cannot be removed is no worse than before, and is met again: no reason to withhold credentials.
  private func discard(_ item: ItemID) {
    do { try store.remove(item) } catch {}
  }

  /// Whether an item is there that is not what we stored, or not alone.
  private static func isDamage(_ error: any Error) -> Bool {
    switch error {
    case is PayloadError, KeyringError.damaged, KeyringError.ambiguous: true
    default: false
    }
  }

  private static func item(of digest: PlanDigest) -> ItemID {
    ItemID(kind: .session, name: digest.text)
  }
}
