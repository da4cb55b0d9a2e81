internal import AWSValues

/// The host names of AWS's services, by the rules the AWS SDKs share.
struct EndpointHosts {
  let region: String
  let partition: Partition
  let variant: Variant
  let useGlobalSTSEndpoint: Bool

  enum Variant {
    case plain, fips, dualStack, fipsDualStack

    init(of connection: Connection) {
      switch (connection.useFIPS, connection.useDualStack) {
      case (false, false): self = .plain
      case (true, false): self = .fips
      case (false, true): self = .dualStack
      case (true, true): self = .fipsDualStack
      }
    }
  }

  /// Whether sts.amazonaws.com serves the region: always `aws-global`, 15 old regions where the user wants it so.
  var isGlobalSTS: Bool {
    guard variant == .plain else { return false }
    return region == "aws-global" || (useGlobalSTSEndpoint && EndpointHosts.legacyRegions.contains(region))
  }

  var sts: String {
    switch variant {
    case .plain: isGlobalSTS ? "sts.amazonaws.com" : "sts.\(place).\(partition.suffix)"
    // GovCloud's ordinary hosts are the FIPS ones.
    case .fips: "\(partition.id == "aws-us-gov" ? "sts" : "sts-fips").\(place).\(partition.suffix)"
    case .dualStack: "sts.\(place).\(partition.dualStackSuffix)"
    case .fipsDualStack: "sts-fips.\(place).\(partition.dualStackSuffix)"
    }
  }

  var iam: String {
    switch variant {
    case .plain: partition.iam.plain
    case .fips: partition.iam.fips
    case .dualStack: partition.iam.dualStack
    case .fipsDualStack: partition.iam.fipsDualStack
    }
  }

  func s3() throws(EndpointError) -> String {
    switch variant {
    case .plain: return region == "aws-global" ? "s3.amazonaws.com" : "s3.\(place).\(partition.suffix)"
    case .dualStack: return "s3.dualstack.\(place).\(partition.suffix)"
    case .fips, .fipsDualStack:
      guard partition.id != "aws-cn" else { throw .fipsNotSupported(partition: partition.id) }
      return "\(variant == .fips ? "s3-fips" : "s3-fips.dualstack").\(place).\(partition.suffix)"
    }
  }

  /// The region that stands in host names: `aws-global` has none of its own.
  private var place: String { region == partition.globalRegion ? partition.defaultRegion : region }

  private static let legacyRegions: Set = [
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-north-1",
    "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
  ]
}
