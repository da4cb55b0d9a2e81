/// The ARN of an IAM user: `arn:aws:iam::123456789012:user/team/alice`.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
package struct UserARN: Equatable, Sendable {
  package let text: String
  package let account: String
  /// The last segment; what stands before it is the path.
  package let name: UserName

  package init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("user/"),
      let last = parts[5].split(separator: "/", omittingEmptySubsequences: false).last,
      let name = UserName(String(last))
    else { return nil }
    self.text = text
    self.account = String(parts[4])
    self.name = name
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

  /// What stands behind its path in an ARN.
  package var name: String { text.split(separator: "/").last.map(String.init) ?? text }
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
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard (20...2048).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, parts[2] == "iam", parts[3].isEmpty,
      parts[4].utf8.count == 12, parts[4].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      parts[5].hasPrefix("role/"), let name = parts[5].split(separator: "/").last, parts[5].last != "/"
    else { return nil }
    self.text = text
    self.partition = String(parts[1])
    self.account = String(parts[4])
    self.name = String(name)
  }
}

// MARK: - MFA device kind

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

extension MFADevice {
  package var kind: MFADeviceKind {
    guard text.hasPrefix("arn:") else { return .hardware }
    if text.contains(":u2f/") { return .fido }
    return text.contains(":mfa/") ? .virtual : .hardware
  }

  /// Whether STS can use it.
  package var givesCodes: Bool { kind != .fido }
}
