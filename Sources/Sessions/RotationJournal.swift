package import AWSValues
package import Keyring
internal import Secrets

/// A rotation that has its new key, as the keyring keeps it until the old key is retired: enough for another process to
/// finish it.
package struct RotationJournal: ~Copyable {
  /// Whose key it is.
  let arn: String
  let old: AccessKeyID
  let disposal: OldKeyDisposal
  let new: AccessKeyID
  /// The new key.
  let key: Credentials

  init(arn: String, old: AccessKeyID, disposal: OldKeyDisposal, new: AccessKeyID, key: consuming Credentials) {
    self.arn = arn
    self.old = old
    self.disposal = disposal
    self.new = new
    var key = key
    key.account = arn.accountOfARN
    self.key = key
  }

  /// Throws `PayloadError` for anything that `payload` did not make.
  init(payload: borrowing SecretBytes) throws {
    var reader = try JSONPayloadReader(payload)
    let (arn, oldText) = try (reader.nextText("arn"), reader.nextText("old_access_key_id"))
    let disposalText = try reader.nextText("old_key")
    let newText = try reader.nextText("access_key_id")
    let secret = try reader.next("secret_access_key")
    try reader.finish()
    guard let old = AccessKeyID(oldText), let disposal = OldKeyDisposal(rawValue: disposalText),
      let new = AccessKeyID(newText)
    else { throw PayloadError.malformed }
    let key = Credentials(accessKeyID: newText, secretAccessKey: secret)
    self.init(arn: arn, old: old, disposal: disposal, new: new, key: key)
  }

  func payload() -> SecretBytes {
    var writer = JSONPayloadWriter()
    writer.append("arn", arn)
    writer.append("old_access_key_id", old.text)
    writer.append("old_key", disposal.rawValue)
    writer.append("access_key_id", new.text)
    writer.append("secret_access_key", key.secretAccessKey)
    return writer.sealed()
  }
}

// MARK: - Rotation journals

/// The journals of rotations that are not finished, one for each profile's key.
package struct RotationJournals {
  private let store: any SecretStore

  package init(store: any SecretStore) {
    self.store = store
  }

  /// The journal of `profile`'s key; nil if no rotation is under way.
  ///
  /// One that is damaged tells nothing; the key it was about shows in IAM's list of the user's keys.
  func journal(of profile: String) throws -> RotationJournal? {
    do {
      guard let payload = try store.secret(for: Self.item(of: profile)) else { return nil }
      return try RotationJournal(payload: payload)
    } catch SecretStoreError.damaged {
      return nil
    } catch let error as PayloadError {
      if case .unknownVersion(let version) = error { throw RotationError.unknownJournal(version: version) }
      return nil
    }
  }

  /// The key that AWS made in a rotation that is not finished; nil if there is none.
  package func newKey(of profile: String) throws -> AccessKeyID? {
    try journal(of: profile).withValue { $0.new }
  }

  func save(_ journal: borrowing RotationJournal, of profile: String) throws {
    try store.save(journal.payload(), for: Self.item(of: profile))
  }

  package func remove(profile: String) throws {
    try store.remove(Self.item(of: profile))
  }

  private static func item(of profile: String) -> ItemID {
    ItemID(kind: .rotation, name: profile)
  }
}
