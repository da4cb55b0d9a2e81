internal import AWSValues

/// A separate world of AWS, with its own accounts, regions and host names.
/// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
package struct Partition: Equatable, Sendable {
  /// As ARNs name it: `aws`, `aws-cn`, …
  package let id: String
  /// The region to ask where none is configured.
  package let defaultRegion: String
  /// What its regions start with: `eu` in `eu-west-1`, `us-gov` in `us-gov-east-1`.
  let regionPrefixes: [String]
  let suffix: String
  let dualStackSuffix: String
  let iam: IAMHosts

  /// The partition that `region` belongs to; AWS's own rule gives unknown regions to `aws`.
  package init(region: String) {
    self = Partition.all.first { $0.contains(region) } ?? .aws
  }

  /// The partition an ARN names; nil for other text, such as a hardware device's serial number.
  package init?(arn: String) {
    let parts = arn.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "arn", let found = Partition.all.first(where: { $0.id == parts[1] }) else {
      return nil
    }
    self = found
  }

  init(id: String, defaultRegion: String, regionPrefixes: [String], suffix: String, dualStack: String, iam: IAMHosts) {
    self.id = id
    self.defaultRegion = defaultRegion
    self.regionPrefixes = regionPrefixes
    self.suffix = suffix
    self.dualStackSuffix = dualStack
    self.iam = iam
  }

  /// The pseudo-region of a partition's global services, as in `aws-global`.
  var globalRegion: String { id + "-global" }

  private func contains(_ region: String) -> Bool {
    region == globalRegion || regionPrefixes.contains { Partition.isRegion(region, prefixed: $0) }
  }

  /// Whether `region` is `prefix-word-number`.
  private static func isRegion(_ region: String, prefixed prefix: String) -> Bool {
    guard region.hasPrefix(prefix + "-") else { return false }
    let rest = region.dropFirst(prefix.count + 1).split(separator: "-", omittingEmptySubsequences: false)
    guard rest.count == 2, !rest[0].isEmpty, !rest[1].isEmpty else { return false }
    return rest[0].utf8.allSatisfy(\.isWordCharacter) && rest[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
