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
  /// The last segment; what precedes it is the path.
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

// MARK: - Partition

/// A separate world of AWS, with its own accounts, regions and host names.
/// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
package struct Partition: Equatable, Sendable {
  /// As ARNs name it: `aws`, `aws-cn`, …
  package let id: String
  /// The region to ask if none is configured.
  package let defaultRegion: String
  /// What its regions start with: `eu` in `eu-west-1`, `us-gov` in `us-gov-east-1`.
  let regionPrefixes: [String]
  package let suffix: String
  package let dualStackSuffix: String
  package let iam: IAMHosts
}

extension Partition {
  /// The partition that `region` belongs to; AWS's own rule gives unknown regions to `aws`.
  package init(region: String) {
    self = Partition.all.first { $0.contains(region) } ?? .aws
  }

  /// The partition an ARN names; nil for other text, such as a hardware device's serial number.
  package init?(arn: String) {
    guard let id = ARN(arn)?.partition, let found = Partition.all.first(where: { $0.id == id }) else { return nil }
    self = found
  }

  /// The pseudo-region of a partition's global services, as in `aws-global`.
  package var globalRegion: String { id + "-global" }

  private func contains(_ region: String) -> Bool {
    region == globalRegion || regionPrefixes.contains { Partition.isRegion(region, prefixed: $0) }
  }

  /// Whether `region` is `prefix-word-number`.
  private static func isRegion(_ region: String, prefixed prefix: String) -> Bool {
    guard region.hasPrefix(prefix + "-") else { return false }
    let rest = region.dropFirst(prefix.count + 1).split(separator: "-", omittingEmptySubsequences: false)
    guard rest.count == 2, !rest[0].isEmpty, !rest[1].isEmpty else { return false }
    return rest[0].utf8.allSatisfy(\.isWordCharacter) && rest[1].utf8.allSatisfy(\.isDigit)
  }
}

/// The host names of IAM in a partition, which follow no rule that holds everywhere.
package struct IAMHosts: Equatable, Sendable {
  package let plain: String
  package let fips: String
  package let dualStack: String
  package let fipsDualStack: String
}

// MARK: - All

extension Partition {
  package static let all = [aws, china, sovereign, iso, isoB, isoE, isoF, govCloud]

  package static let aws = Partition(
    id: "aws", defaultRegion: "us-east-1",
    regionPrefixes: ["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
    suffix: "amazonaws.com", dualStackSuffix: "api.aws",
    iam: IAMHosts(
      plain: "iam.amazonaws.com", fips: "iam-fips.amazonaws.com", dualStack: "iam.global.api.aws",
      fipsDualStack: "iam-fips.global.api.aws"))

  private static let china = Partition(
    id: "aws-cn", defaultRegion: "cn-north-1", regionPrefixes: ["cn"],
    suffix: "amazonaws.com.cn", dualStackSuffix: "api.amazonwebservices.com.cn",
    iam: IAMHosts(
      plain: "iam.cn-north-1.amazonaws.com.cn", fips: "iam-fips.amazonaws.com.cn",
      dualStack: "iam.global.api.amazonwebservices.com.cn", fipsDualStack: "iam-fips.api.amazonwebservices.com.cn"))

  private static let sovereign = Partition(
    id: "aws-eusc", defaultRegion: "eusc-de-east-1", regionPrefixes: ["eusc-de"],
    suffix: "amazonaws.eu", dualStackSuffix: "api.amazonwebservices.eu",
    iam: IAMHosts(
      plain: "iam.eusc-de-east-1.amazonaws.eu", fips: "iam-fips.amazonaws.eu",
      dualStack: "iam.api.amazonwebservices.eu", fipsDualStack: "iam-fips.api.amazonwebservices.eu"))

  private static let iso = Partition(
    id: "aws-iso", defaultRegion: "us-iso-east-1", regionPrefixes: ["us-iso"],
    suffix: "c2s.ic.gov", dualStackSuffix: "api.aws.ic.gov",
    iam: IAMHosts(
      plain: "iam.us-iso-east-1.c2s.ic.gov", fips: "iam-fips.us-iso-east-1.c2s.ic.gov",
      dualStack: "iam.api.aws.ic.gov", fipsDualStack: "iam-fips.api.aws.ic.gov"))

  private static let isoB = Partition(
    id: "aws-iso-b", defaultRegion: "us-isob-east-1", regionPrefixes: ["us-isob"],
    suffix: "sc2s.sgov.gov", dualStackSuffix: "api.aws.scloud",
    iam: IAMHosts(
      plain: "iam.us-isob-east-1.sc2s.sgov.gov", fips: "iam-fips.us-isob-east-1.sc2s.sgov.gov",
      dualStack: "iam.api.aws.scloud", fipsDualStack: "iam-fips.api.aws.scloud"))

  private static let isoE = Partition(
    id: "aws-iso-e", defaultRegion: "eu-isoe-west-1", regionPrefixes: ["eu-isoe"],
    suffix: "cloud.adc-e.uk", dualStackSuffix: "api.cloud-aws.adc-e.uk",
    iam: IAMHosts(
      plain: "iam.eu-isoe-west-1.cloud.adc-e.uk", fips: "iam-fips.cloud.adc-e.uk",
      dualStack: "iam.api.cloud-aws.adc-e.uk", fipsDualStack: "iam-fips.api.cloud-aws.adc-e.uk"))

  private static let isoF = Partition(
    id: "aws-iso-f", defaultRegion: "us-isof-south-1", regionPrefixes: ["us-isof"],
    suffix: "csp.hci.ic.gov", dualStackSuffix: "api.aws.hci.ic.gov",
    iam: IAMHosts(
      plain: "iam.us-isof-south-1.csp.hci.ic.gov", fips: "iam-fips.csp.hci.ic.gov",
      dualStack: "iam.api.aws.hci.ic.gov", fipsDualStack: "iam-fips.api.aws.hci.ic.gov"))

  private static let govCloud = Partition(
    id: "aws-us-gov", defaultRegion: "us-gov-west-1", regionPrefixes: ["us-gov"],
    suffix: "amazonaws.com", dualStackSuffix: "api.aws",
    iam: IAMHosts(
      plain: "iam.us-gov.amazonaws.com", fips: "iam.us-gov.amazonaws.com", dualStack: "iam.us-gov.api.aws",
      fipsDualStack: "iam.us-gov.api.aws"))
}
