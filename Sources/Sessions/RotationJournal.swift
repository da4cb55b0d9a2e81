package import AWSValues
package import FoundationEssentials
package import Keyring
package import Secrets

/// What a rotation has got to, as the keyring keeps it: enough for another process to finish or undo it.
package struct RotationJournal: ~Copyable {
  static let version: UInt8 = 1

  package let about: About
  /// The new key; nil while it is not known whether AWS has made one.
  package let new: Credentials?

  package init(about: About, new: consuming Credentials? = nil) {
    self.about = about
    self.new = new
  }

  /// What was so before AWS was asked for a new key.
  package struct About: Equatable, Sendable {
    /// Whose key it is.
    package var arn: String
    /// The user's one key at that time.
    package var old: AccessKeyID
    /// By AWS's clock, to the second.
    package var started: Date
    package var disposal: OldKeyDisposal
  }

  /// Throws `PayloadError` for anything that `payload` did not make.
  init(payload: borrowing SecretBytes) throws {
    var reader = try PayloadReader.reading(payload)
    guard reader.version == Self.version else { throw PayloadError.unknownVersion(reader.version) }
    let about = try About(reading: &reader)
    let id = try reader.nextText()
    let secret = try reader.next()
    try reader.finish()
    guard id.isEmpty == secret.isEmpty else { throw PayloadError.malformed }
    self.init(about: about, new: id.isEmpty ? nil : Credentials(accessKeyID: id, secretAccessKey: secret))
  }

  func payload() -> SecretBytes {
    var writer = PayloadWriter(version: Self.version)
    writer.append(about.arn)
    writer.append(about.old.text)
    writer.append(String(Int(about.started.timeIntervalSince1970)))
    writer.append(about.disposal.rawValue)
    let isWritten: Void? = new.withValue { new in
      writer.append(new.accessKeyID)
      writer.append(new.secretAccessKey)
    }
    if isWritten == nil {
      writer.append("")
      writer.append("")
    }
    return writer.sealed()
  }
}

extension RotationJournal.About {
  fileprivate init(reading reader: inout PayloadReader) throws(PayloadError) {
    arn = try reader.nextText()
    guard let old = AccessKeyID(try reader.nextText()) else { throw .malformed }
    self.old = old
    started = try reader.nextDate()
    guard let disposal = OldKeyDisposal(rawValue: try reader.nextText()) else { throw .malformed }
    self.disposal = disposal
  }
}

// MARK: - Rotation journals

/// The journals of rotations that are under way or were interrupted, one for each profile's key.
package struct RotationJournals {
  private let store: any SecretStore

  package init(store: any SecretStore) {
    self.store = store
  }

  /// The journal of `profile`'s key; nil where no rotation is under way.
  ///
  /// One that is empty was cut off when it was opened, before AWS was asked for anything. One that is damaged tells
  /// nothing; what it was about shows in IAM's list of the user's keys.
  func journal(of profile: String) throws -> RotationJournal? {
    do {
      guard let payload = try store.secret(for: Self.item(of: profile)) else { return nil }
      return try RotationJournal(payload: payload)
    } catch KeyringError.damaged {
      return nil
    } catch let error as PayloadError {
      if case .unknownVersion = error { throw SessionError.damagedKey(profile: profile, error) }
      return nil
    }
  }

  /// Whether there is anything to finish or undo.
  package func isOpen(of profile: String) throws -> Bool {
    try journal(of: profile).exists
  }

  func save(_ journal: borrowing RotationJournal, of profile: String) throws {
    let label = "daypass: rotation of the AWS access key of \(profile)"
    try store.save(journal.payload(), for: Self.item(of: profile), label: label)
  }

  package func remove(profile: String) throws {
    try store.remove(Self.item(of: profile))
  }

  private static func item(of profile: String) -> ItemID {
    ItemID(kind: .rotation, name: profile)
  }
}
