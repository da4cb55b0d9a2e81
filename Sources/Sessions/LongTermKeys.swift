internal import AWSValues
package import FoundationEssentials
package import Keyring
package import Secrets

/// The long-term keys in the keyring, one for each profile that holds one.
package struct LongTermKeys {
  private let store: any SecretStore
  private let locks: KeyLocks?

  /// With `locks`, keys in the binary format of 0.1.0 are written in the present one when they are read.
  package init(store: any SecretStore, locks: KeyLocks? = nil) {
    self.store = store
    self.locks = locks
  }

  /// The key of `profile`; nil only if there is truly none.
  ///
  /// Throws `SessionError.damagedKey` for an item that is not what we wrote, and `SecretStoreError`.
  package func key(of profile: String) throws -> LongTermKey? {
    guard let payload = try store.secret(for: Self.item(of: profile)) else { return nil }
    do {
      let key = try LongTermKey(payload: payload)
      if !JSONPayloadReader.recognizes(payload) { rewrite(profile) }
      return key
    } catch let error as PayloadError {
      throw SessionError.damagedKey(profile: profile, error)
    }
  }

  /// Stores a key in the present format, unless another process is changing it; then the next command tries again.
  private func rewrite(_ profile: String) {
    do {
      try locks?.withLock(ofKeyOf: profile) {
        guard let payload = try store.secret(for: Self.item(of: profile)), !JSONPayloadReader.recognizes(payload) else {
          return
        }
        try save(LongTermKey(payload: payload), for: profile)
      }
    } catch {
      // It is as good as before.
    }
  }

  /// Whether the keyring holds something under the profile's name, even if damaged; unlocks it to see.
  package func holdsKey(of profile: String) throws -> Bool {
    do throws(SecretStoreError) {
      return try store.secret(for: Self.item(of: profile)).exists
    } catch {
      guard error.meansUnusableItem else { throw error }
      return true
    }
  }

  package func save(_ key: borrowing LongTermKey, for profile: String) throws {
    try store.save(key.payload(), for: Self.item(of: profile))
  }

  package func remove(profile: String) throws {
    try store.remove(Self.item(of: profile))
  }

  /// The keys, by profile, without unlocking anything; nil if a locked keyring does not tell.
  package func stored() throws -> [StoredKey]? {
    do throws(SecretStoreError) {
      return try store.items(ofKind: .longTermKey).map { item in
        StoredKey(profile: item.id.name, stored: item.modified.map { Date(timeIntervalSince1970: TimeInterval($0)) })
      }.sorted { $0.profile < $1.profile }
    } catch {
      guard error == .locked else { throw error }
      return nil
    }
  }

  private static func item(of profile: String) -> ItemID {
    ItemID(kind: .longTermKey, name: profile)
  }
}

/// What the keyring shows of a key without being unlocked.
package struct StoredKey: Equatable, Sendable {
  package var profile: String
  /// Since when the keyring has it; nil if the keyring does not tell. AWS made it then or earlier.
  package var stored: Date?
}

// MARK: - Long term key

/// A long-term access key as the keyring keeps it: both halves, the account if AWS named it, and when it was stored, in
/// one payload.
package struct LongTermKey: ~Copyable {
  private static let version: UInt8 = 1

  package let credentials: Credentials
  /// When it was stored, to the second.
  package let stored: Date

  package init(credentials: consuming Credentials, stored: Date) {
    self.credentials = credentials
    self.stored = stored
  }

  /// Throws `PayloadError` for anything that `payload` did not make, now or what 0.1.0 stored.
  init(payload: borrowing SecretBytes) throws {
    guard JSONPayloadReader.recognizes(payload) else {
      try self.init(binary: payload)
      return
    }
    var reader = try JSONPayloadReader(payload)
    let accessKeyID = try reader.nextText("access_key_id")
    let secret = try reader.next("secret_access_key")
    let account = try reader.nextTextIfPresent("account")
    let stored = try reader.nextDate("created")
    try reader.finish()
    let credentials = Credentials(accessKeyID: accessKeyID, secretAccessKey: secret, account: account)
    self.init(credentials: credentials, stored: stored)
  }

  private init(binary payload: borrowing SecretBytes) throws {
    var reader = try PayloadReader(payload)
    guard reader.version == Self.version else { throw PayloadError.unknownVersion(reader.version) }
    let accessKeyID = try reader.nextText()
    let secret = try reader.next()
    let stored = try reader.nextDate()
    try reader.finish()
    guard secret.isVisibleASCII else { throw PayloadError.malformed }
    self.init(credentials: Credentials(accessKeyID: accessKeyID, secretAccessKey: secret), stored: stored)
  }

  func payload() -> SecretBytes {
    var writer = JSONPayloadWriter()
    writer.append("access_key_id", credentials.accessKeyID)
    writer.append("secret_access_key", credentials.secretAccessKey)
    if let account = credentials.account { writer.append("account", account) }
    writer.append("created", stored.rfc3339)
    return writer.sealed()
  }
}
