/// Text that AWS restricts to a set of characters and a length; only conforming text makes one.
package protocol RestrictedText: Equatable, Sendable {
  var text: String { get }
  init?(_ text: String)
}

extension String {
  /// Whether every character is an ASCII letter or digit, `_` or one of `others`, and their number in `length`.
  package func isRestricted(to others: String, length: ClosedRange<Int>) -> Bool {
    length.contains(utf8.count) && utf8.allSatisfy { $0.isWordCharacter || others.utf8.contains($0) }
  }
}

extension UInt8 {
  /// AWS's `\w`: ASCII letters, digits and `_`.
  @inlinable package var isWordCharacter: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f: true
    default: false
    }
  }
}

extension String {
  /// Whether it can be one label of a host name, as a region is: letters, digits and inner hyphens, not digits alone.
  /// RFC 1123, section 2.1.
  package var isHostLabel: Bool {
    let hyphen = UInt8(ascii: "-")
    return (1...63).contains(utf8.count) && utf8.first != hyphen && utf8.last != hyphen
      && utf8.allSatisfy { $0 == hyphen || ($0.isWordCharacter && $0 != UInt8(ascii: "_")) }
      && !utf8.allSatisfy(\.isDigit)
  }
}

extension UInt8 {
  package var isDigit: Bool { (0x30...0x39).contains(self) }
}

// MARK: - Identifiers

/// The id of an access key, 16 to 128 of `\w`: `AKIA…` of a long-term key, `ASIA…` of a session.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
package struct AccessKeyID: RestrictedText, Hashable {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "", length: 16...128) else { return nil }
    self.text = text
  }
}

/// The number of an AWS account, 12 digits, of which the first may be 0.
package struct AccountID: RestrictedText, Hashable {
  package let text: String

  package init?(_ text: String) {
    guard text.isAccountID else { return nil }
    self.text = text
  }
}

/// The external id a role's trust may ask for, 2 to 1224 of `[\w+=,.@:\/-]`.
package struct ExternalID: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@:\\/-", length: 2...1224) else { return nil }
    self.text = text
  }
}

/// The name of a virtual MFA device, the last segment of its ARN: 1 to 226 of `[\w+=,.@-]`.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html
package struct MFADeviceName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 1...226) else { return nil }
    self.text = text
  }
}

/// The name of a policy inside a user or role, 1 to 128 of `[\w+=,.@-]`.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
package struct PolicyName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 1...128) else { return nil }
    self.text = text
  }
}

/// The name of an IAM role without its path, 1 to 64 of `[\w+=,.@-]`.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
package struct RoleName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 1...64) else { return nil }
    self.text = text
  }
}

/// The name of an IAM user without its path, 1 to 128 of `[\w+=,.@-]`; a new one has 64 at most.
/// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
package struct UserName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 1...128) else { return nil }
    self.text = text
  }
}

// MARK: - Role session name

/// The name of a role session, 2 to 64 of `[\w+=,.@-]`; CloudTrail shows it.
package struct RoleSessionName: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 2...64) else { return nil }
    self.text = text
  }

  /// `user@host`, so that CloudTrail names the human: other characters than AWS allows become `-`, and 64 are kept.
  package init(user: String, host: String) {
    let allowed = "+=,.@-".utf8
    let name = "\(user)@\(host)".unicodeScalars.map { scalar in
      UInt8(exactly: scalar.value).flatMap { $0.isWordCharacter || allowed.contains($0) ? Character(scalar) : nil }
        ?? "-"
    }
    // Neither name may be empty, or one `@` alone would be too short.
    text = String((name.count < 2 ? Array("daypass@") : name).prefix(64))
  }
}
