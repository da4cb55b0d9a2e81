package import FoundationEssentials
package import Secrets

/// A long-term access key as the keyring keeps it: both halves and when it was stored, in one payload.
package struct LongTermKey: ~Copyable {
  static let version: UInt8 = 1

  package let credentials: Credentials
  /// When it was stored, to the second.
  package let created: Date

  package init(credentials: consuming Credentials, created: Date) {
    self.credentials = credentials
    self.created = created
  }

  /// Throws `PayloadError` for anything that `payload` did not make.
  init(payload: borrowing SecretBytes) throws {
    var reader = try PayloadReader.reading(payload)
    guard reader.version == Self.version else { throw PayloadError.unknownVersion(reader.version) }
    let accessKeyID = try reader.nextText()
    let secret = try reader.next()
    let created = try reader.nextDate()
    try reader.finish()
    self.init(credentials: Credentials(accessKeyID: accessKeyID, secretAccessKey: secret), created: created)
  }

  func payload() -> SecretBytes {
    var writer = PayloadWriter(version: Self.version)
    writer.append(credentials.accessKeyID)
    writer.append(credentials.secretAccessKey)
    writer.append(String(Int(created.timeIntervalSince1970)))
    return writer.sealed()
  }
}
