package import FoundationEssentials
internal import Keyring
package import Secrets

/// Sessions kept in memory until they expire.
package struct SessionCache {
  private let store: any SessionStore
  private let now: @Sendable () -> Date

  package init(store: any SessionStore, now: @escaping @Sendable () -> Date) {
    self.store = store
    self.now = now
  }

  /// The session of this digest with enough time left; an expired or damaged one is removed.
  package func session(of digest: PlanDigest, margin: SessionMargin) throws -> Credentials? {
    guard let session = try load(digest.text) else { return nil }
    let about = session.about
    guard margin.allows(issued: about.issued, expiration: about.expiration, at: now()) else { return nil }
    return session.credentials.clone()
  }

  package func save(_ session: borrowing CachedSession, of digest: PlanDigest) throws {
    // Readable by every program on the bus, so no role, device or account.
    let label = "daypass: session of \(session.about.keyProfile)"
    let lifetime = Duration.seconds(session.about.expiration.timeIntervalSince(now()))
    try store.save(session.payload(), named: digest.text, label: label, lifetime: lifetime)
  }

  /// Removes the session whose key is `accessKeyID`; another one, which somebody else got meanwhile, stays.
  package func remove(_ digest: PlanDigest, accessKeyID: String) throws {
    guard let session = try load(digest.text), session.credentials.accessKeyID == accessKeyID else { return }
    try store.remove(named: digest.text)
  }

  /// What is cached and has not expired.
  package func all() throws -> [CachedSession.About] {
    try entries().map(\.about).sorted { $0.expiration < $1.expiration }
  }

  /// Removes every session, or those made with the key of one profile; returns how many.
  package func removeAll(madeWithKeyOf profile: String? = nil) throws -> Int {
    let doomed = try entries().filter { profile == nil || $0.about.keyProfile == profile }
    for entry in doomed { try store.remove(named: entry.name) }
    return doomed.count
  }

  private func entries() throws -> [(name: String, about: CachedSession.About)] {
    var entries: [(name: String, about: CachedSession.About)] = []
    for name in try store.names() {
      guard let session = try load(name) else { continue }
      entries.append((name, session.about))
    }
    return entries
  }

  /// Nil where there is none that could be used; what has expired or is damaged is removed on the way.
  private func load(_ name: String) throws -> CachedSession? {
    do {
      guard let payload = try store.payload(named: name) else { return nil }
      let session = try CachedSession(payload: payload)
      if session.about.expiration > now() { return session }
    } catch let error where Self.isDamage(error) {
      // Nothing is lost: a session can be asked for again.
    }
    discard(name)
    return nil
  }

  /// What cannot be removed is no worse than before, and is met again: no reason to withhold credentials.
  private func discard(_ name: String) {
    do { try store.remove(named: name) } catch {}
  }

  /// Whether an item is there that is not what we stored, or not alone.
  private static func isDamage(_ error: any Error) -> Bool {
    switch error {
    case is PayloadError, KeyringError.damaged, KeyringError.ambiguous: true
    default: false
    }
  }
}

// MARK: - Cached session

/// A session as the cache keeps it: the credentials and what `list` and `clear` need to know of them.
package struct CachedSession: ~Copyable {
  static let version: UInt8 = 1

  package let credentials: Credentials
  package let about: About

  package init(credentials: consuming Credentials, about: About) {
    self.credentials = credentials
    self.about = about
  }

  /// What is known of a session without its secrets.
  package struct About: Equatable, Sendable {
    /// The profile of the long-term key it was made with.
    package var keyProfile: String
    /// The role it was assumed for; nil for GetSessionToken.
    package var role: String?
    /// The MFA device whose code it was made with.
    package var device: String?
    package var issued: Date
    package var expiration: Date

    package init(keyProfile: String, role: String?, device: String?, issued: Date, expiration: Date) {
      self.keyProfile = keyProfile
      self.role = role
      self.device = device
      self.issued = issued
      self.expiration = expiration
    }
  }

  /// Throws `PayloadError` for anything that `payload` did not make.
  init(payload: borrowing SecretBytes) throws {
    var reader = try PayloadReader.reading(payload)
    guard reader.version == Self.version else { throw PayloadError.unknownVersion(reader.version) }
    let accessKeyID = try reader.nextText()
    let secret = try reader.next()
    let token = try reader.next()
    let about = try About(reading: &reader)
    try reader.finish()
    let credentials = Credentials(
      accessKeyID: accessKeyID, secretAccessKey: secret, sessionToken: token, expiration: about.expiration)
    self.init(credentials: credentials, about: about)
  }

  func payload() -> SecretBytes {
    var writer = PayloadWriter(version: Self.version)
    writer.append(credentials.accessKeyID)
    writer.append(credentials.secretAccessKey)
    credentials.sessionToken.withValue { writer.append($0) }
    about.write(to: &writer)
    return writer.sealed()
  }
}

extension CachedSession.About {
  /// An absent text is written as an empty one: neither a role nor a device can be empty.
  fileprivate init(reading reader: inout PayloadReader) throws(PayloadError) {
    keyProfile = try reader.nextText()
    let roleText = try reader.nextText()
    let deviceText = try reader.nextText()
    role = roleText.isEmpty ? nil : roleText
    device = deviceText.isEmpty ? nil : deviceText
    issued = try reader.nextDate()
    expiration = try reader.nextDate()
  }

  fileprivate func write(to writer: inout PayloadWriter) {
    writer.append(keyProfile)
    writer.append(role ?? "")
    writer.append(device ?? "")
    writer.append(String(Int(issued.timeIntervalSince1970)))
    writer.append(String(Int(expiration.timeIntervalSince1970)))
  }
}
