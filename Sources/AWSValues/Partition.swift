/// A separate world of AWS, with its own accounts, regions and host names.
/// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
package struct Partition: Equatable, Sendable {
  /// As ARNs name it: `aws`, `aws-cn`, …
  package let id: String
  /// The region to ask where none is configured.
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
