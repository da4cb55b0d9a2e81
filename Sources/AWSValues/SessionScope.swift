/// What narrows a session: it may do what its role or user may do and its policies allow as well, so that nothing is ever
/// gained; tags and source identity say for whom it is.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
package struct SessionScope: Equatable, Sendable {
  package var policy: SessionPolicy?
  /// Sorted, each once.
  package var policyARNs: [PolicyARN] = []
  /// In the order of their keys, which are compared without case.
  package var tags: [SessionTag] = []
  /// The keys of tags that further roles inherit.
  package var transitiveTagKeys: [String] = []
  package var sourceIdentity: SourceIdentity?
  /// What prompts show of the policies, such as `read-only`; nil if there are none.
  package var name: String?

  package init() {}

  /// Whether policies limit what the session may do.
  package var limitsPermissions: Bool { policy != nil || !policyARNs.isEmpty }

  package var isEmpty: Bool { !limitsPermissions && tags.isEmpty && transitiveTagKeys.isEmpty && sourceIdentity == nil }

  /// AWS's limits for a call.
  package static let mostPolicies = 10
  package static let mostTags = 50
  /// Characters of a policy that AWS's documentation allows; newer than that, AWS counts packed.
  package static let documentedPolicyLength = 2_048
}

/// A policy for one session, in JSON without white space between its words.
package struct SessionPolicy: Equatable, Sendable {
  package let text: String
  /// The same for all policies that say the same, whatever the order of their members.
  package let canonical: String

  package init(text: String, canonical: String) {
    self.text = text
    self.canonical = canonical
  }

  /// Allows some actions on everything.
  package init(allowing actions: [String]) {
    let list = actions.map { "\"\($0)\"" }.joined(separator: ",")
    text = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[\#(list)],"Resource":"*"}]}"#
    canonical = text
  }

  /// Allows what the user may do: without any policy, a session of GetFederationToken may do nothing.
  package static let everything = SessionPolicy(allowing: ["*"])
}

/// The ARN of a managed policy, AWS's own or an account's, 20 to 2048 characters.
package struct PolicyARN: RestrictedText, Comparable {
  package let text: String

  package init?(_ text: String) {
    guard (20...2_048).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      let arn = ARN(text), arn.service == "iam", arn.region.isEmpty, arn.resource.hasPrefix("policy/"),
      !arn.resource.hasSuffix("/")
    else { return nil }
    self.text = text
  }

  package static func < (left: PolicyARN, right: PolicyARN) -> Bool { left.text < right.text }
}

/// A tag of a session: a key of 1 to 128 and a value of 0 to 256 letters, digits, blanks and `_.:/=+-@`, not of AWS's own.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
package struct SessionTag: Equatable, Sendable {
  package let key: String
  package let value: String

  /// Reads `KEY=VALUE`.
  package init?(_ text: some StringProtocol) {
    guard let sign = text.firstIndex(of: "=") else { return nil }
    key = String(text[..<sign])
    value = String(text[text.index(after: sign)...])
    guard Self.isKey(key), value.unicodeScalars.count <= 256, Self.isPlain(value) else { return nil }
  }

  package static func isKey(_ text: String) -> Bool {
    (1...128).contains(text.unicodeScalars.count) && isPlain(text) && !text.lowercased().hasPrefix("aws:")
  }

  private static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
        .letterNumber, .otherNumber, .spaceSeparator, .lineSeparator, .paragraphSeparator:
        true
      default: "_.:/=+-@".unicodeScalars.contains(scalar)
      }
    }
  }
}

/// Who is behind a role's session, for CloudTrail: 2 to 64 of `[\w+=,.@-]`. It stays through a chain of roles.
package struct SourceIdentity: RestrictedText {
  package let text: String

  package init?(_ text: String) {
    guard text.isRestricted(to: "+=,.@-", length: 2...64) else { return nil }
    self.text = text
  }
}

/// The name of a session of GetFederationToken, 2 to 32 of `[\w+=,.@-]`.
package struct FederatedUserName: Equatable, Sendable {
  package let text: String

  private static let longest = 32

  /// The name of a role's session; if that is longer, its beginning and four digits that differ from name to name.
  package init(_ name: RoleSessionName) {
    guard name.text.utf8.count > Self.longest else {
      text = name.text
      return
    }
    // FNV-1a, folded to 16 bits: AWS's names are no secret, and collisions harm nobody.
    let hash = name.text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    let digits = String(0x1_0000 + (hash >> 16 ^ hash & 0xffff), radix: 16).dropFirst()
    text = name.text.prefix(Self.longest - 5) + "-" + digits
  }
}
