package import FoundationEssentials
package import Secrets

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
