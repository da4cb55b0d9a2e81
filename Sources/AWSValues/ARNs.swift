/// The parts of an ARN: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
struct ARN {
  let partition: String
  let service: Substring
  let region: Substring
  let account: String
  let resource: Substring

  init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn" else { return nil }
    (partition, service, region) = (String(parts[1]), parts[2], parts[3])
    (account, resource) = (String(parts[4]), parts[5])
  }
}

extension String {
  /// Whether it is 12 digits.
  package var isAccountID: Bool { utf8.count == 12 && utf8.allSatisfy(\.isDigit) }

  /// The account in an ARN; nil if it is no ARN, or one without.
  package var accountOfARN: String? { ARN(self).flatMap { $0.account.isAccountID ? $0.account : nil } }
}

/// The ARN of an IAM user: `arn:aws:iam::123456789012:user/team/alice`.
package struct UserARN: Equatable, Sendable {
  package let text: String
  package let account: String
  /// The last segment; what stands before it is the path.
  package let name: UserName

  package init?(_ text: String) {
    guard let arn = ARN(text), arn.service == "iam", arn.resource.hasPrefix("user/"),
      let last = arn.resource.split(separator: "/", omittingEmptySubsequences: false).last,
      let name = UserName(String(last))
    else { return nil }
    self.text = text
    self.account = arn.account
    self.name = name
  }
}

// MARK: - Role ARN

/// The ARN of a role, 20 to 2048 characters.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
package struct RoleARN: RestrictedText {
  package let text: String
  /// The partition of the ARN: `aws`, `aws-cn`, …
  package let partition: String
  package let account: String
  /// The role's name, without its path.
  package let name: String

  package init?(_ text: String) {
    guard (20...2048).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      let arn = ARN(text), !arn.partition.isEmpty, arn.service == "iam", arn.region.isEmpty, arn.account.isAccountID,
      arn.resource.hasPrefix("role/"), arn.resource.last != "/",
      let name = arn.resource.split(separator: "/").last
    else { return nil }
    self.text = text
    self.partition = arn.partition
    self.account = arn.account
    self.name = String(name)
  }

  /// The ARN of a session of this role; the role's path is not part of it.
  package func sessionARN(named session: RoleSessionName) -> String {
    "arn:\(partition):sts::\(account):assumed-role/\(name)/\(session.text)"
  }
}

// MARK: - MFA device

/// The ARN or serial number of an MFA device, 9 to 256 of `[\w+=/:,.@-]`.
/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
package struct MFADevice: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=/:,.@-", length: 9...256) else { return nil }
    self.text = text
  }

  /// The last segment of an ARN, else the serial number.
  package var name: String { text.split(separator: "/").last.map(String.init) ?? text }

  /// The account of the device and its user; nil for a serial number.
  package var account: String? { ARN(text)?.service == "iam" ? text.accountOfARN : nil }

  package var kind: MFADeviceKind {
    guard text.hasPrefix("arn:") else { return .hardware }
    if text.contains(":u2f/") { return .fido }
    return text.contains(":mfa/") ? .virtual : .hardware
  }

  /// Whether STS can use it.
  package var givesCodes: Bool { kind != .fido }
}

/// What sort of thing an MFA device is, as its serial number tells.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html
package enum MFADeviceKind: String, Encodable {
  /// An app that holds a seed.
  case virtual
  /// A token with a display, or a device of a kind that is not known.
  case hardware
  /// A security key or a passkey, which answers a browser and shows no codes: STS cannot use it.
  case fido
}
