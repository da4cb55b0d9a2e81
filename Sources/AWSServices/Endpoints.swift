package import AWSValues
package import HTTP

extension Connection {
  /// The same connection with a region: its own, else the default of the partition that `arn` names, else us-east-1.
  package func withRegion(forARN arn: String?) -> Connection {
    guard region == nil else { return self }
    var connection = self
    connection.region = (arn.flatMap { Partition(arn: $0) } ?? .aws).defaultRegion
    return connection
  }

  /// Whether `service` is AWS's own or one of this machine, so that it may see a token that another program got from AWS.
  package func mayTake(tokenOf service: Service) -> Bool {
    guard let text = endpoints[service] else { return true }
    do { return try URLText(endpoint: text).isLoopback } catch { return false }
  }
}

// MARK: - Endpoint

/// Where a service is reached, and the region its signatures name.
package struct Endpoint: Equatable, Sendable {
  package let url: URLText
  package let signingRegion: String
  package let service: Connection.Service

  /// The endpoint of `service` by AWS's rules, or the one the user configured.
  package init(_ service: Connection.Service, of connection: Connection) throws(EndpointError) {
    let custom = try Self.custom(service, of: connection)
    guard let region = connection.region ?? custom.map({ _ in Partition.aws.defaultRegion }) else {
      throw .missingRegion
    }
    guard region.isHostLabel else { throw .invalidRegion(region) }
    let hosts = EndpointHosts(region: region, of: connection)
    let isGlobal = custom == nil && service == .sts && hosts.isGlobalSTS
    self.url = if let custom { custom } else { URLText(scheme: .https, host: try hosts.host(of: service)) }
    self.signingRegion = isGlobal ? Partition.aws.defaultRegion : service.signingRegion(for: region)
    self.service = service
  }

  /// The endpoint that the user configured. Read before anything is said of it: its text can hold a password.
  private static func custom(
    _ service: Connection.Service, of connection: Connection
  ) throws(EndpointError) -> URLText? {
    guard let text = connection.endpoints[service] else { return nil }
    let url = try URLText(endpoint: text)
    guard !connection.useDualStack else { throw .dualStackWithCustomEndpoint(url.text) }
    guard !connection.useFIPS else { throw .fipsWithCustomEndpoint(url.text) }
    return url
  }
}

extension Connection.Service {
  /// IAM is global, and `aws-global` is no region: both are signed for the partition's own.
  fileprivate func signingRegion(for region: String) -> String {
    let partition = Partition(region: region)
    switch self {
    case .iam: return partition.defaultRegion
    case .sts, .s3, .sso, .ssoOIDC, .signIn: return region == partition.globalRegion ? partition.defaultRegion : region
    }
  }
}

// MARK: - Endpoint error

/// Why there is no address to send a call to.
package enum EndpointError: Error, Equatable, Sendable {
  case missingRegion
  /// Not a label that may stand in a host name.
  case invalidRegion(String)
  /// A configured endpoint that is no URL of a host; its text is left out, because it can hold a password.
  case invalidURL(URLText.Fault)
  /// A configured endpoint with a query, which would be lost.
  case urlWithQuery
  /// A configured endpoint with plain http to a host that is not a loopback address.
  case insecureURL(String)
  case fipsWithCustomEndpoint(String)
  case dualStackWithCustomEndpoint(String)
  case fipsNotSupported(partition: String)
}

// MARK: - Endpoint hosts

/// The host names of AWS's services, by the rules the AWS SDKs share.
private struct EndpointHosts {
  let region: String
  let partition: Partition
  let variant: Variant
  let useGlobalSTSEndpoint: Bool

  enum Variant { case plain, fips, dualStack, fipsDualStack }

  init(region: String, of connection: Connection) {
    self.region = region
    partition = Partition(region: region)
    variant =
      switch (connection.useFIPS, connection.useDualStack) {
      case (false, false): .plain
      case (true, false): .fips
      case (false, true): .dualStack
      case (true, true): .fipsDualStack
      }
    useGlobalSTSEndpoint = connection.useGlobalSTSEndpoint
  }

  /// Whether sts.amazonaws.com serves the region: always `aws-global`, and 15 old regions if the user wants it.
  var isGlobalSTS: Bool {
    guard variant == .plain else { return false }
    return region == "aws-global" || (useGlobalSTSEndpoint && EndpointHosts.legacyRegions.contains(region))
  }

  func host(of service: Connection.Service) throws(EndpointError) -> String {
    switch service {
    case .sts: isGlobalSTS ? "sts.amazonaws.com" : regional("sts", fips: "sts-fips")
    case .iam: iam
    case .s3: try s3()
    case .sso: regional("portal.sso", fips: "portal.sso-fips")
    case .ssoOIDC: regional("oidc", fips: "oidc-fips")
    case .signIn: signIn
    }
  }

  /// `NAME.REGION.SUFFIX`, as most services are reached.
  private func regional(_ name: String, fips: String) -> String {
    switch variant {
    case .plain: "\(name).\(place).\(partition.suffix)"
    // GovCloud's ordinary hosts are the FIPS ones.
    case .fips: "\(partition.id == "aws-us-gov" ? name : fips).\(place).\(partition.suffix)"
    case .dualStack: "\(name).\(place).\(partition.dualStackSuffix)"
    case .fipsDualStack: "\(fips).\(place).\(partition.dualStackSuffix)"
    }
  }

  private var signIn: String {
    switch (variant, partition.id) {
    case (.plain, _):
      partition.signInSuffix.map { "\(place).signin.\($0)" } ?? "signin.\(place).\(partition.suffix)"
    case (.dualStack, _): "signin.\(place).\(partition.dualStackSuffix)"
    case (.fips, "aws-us-gov") where place == partition.defaultRegion: "signin-fips.amazonaws-us-gov.com"
    case (.fips, "aws-us-gov"): "\(place).signin-fips.amazonaws-us-gov.com"
    case (.fips, _): "signin-fips.\(place).\(partition.suffix)"
    case (.fipsDualStack, _): "signin-fips.\(place).\(partition.dualStackSuffix)"
    }
  }

  private var iam: String {
    switch variant {
    case .plain: partition.iam.plain
    case .fips: partition.iam.fips
    case .dualStack: partition.iam.dualStack
    case .fipsDualStack: partition.iam.fipsDualStack
    }
  }

  private func s3() throws(EndpointError) -> String {
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

extension Partition {
  /// What the hosts of the console's sign-in end with; nil if they are named as those of other services.
  fileprivate var signInSuffix: String? {
    switch id {
    case "aws": "aws.amazon.com"
    case "aws-cn": "amazonaws.cn"
    case "aws-us-gov": "amazonaws-us-gov.com"
    case "aws-iso": "c2shome.ic.gov"
    case "aws-iso-b": "sc2shome.sgov.gov"
    default: nil
    }
  }
}

extension URLText {
  /// A configured endpoint: https anywhere, http to a loopback address only; host, port and base path.
  package init(endpoint text: String) throws(EndpointError) {
    do throws(Fault) { try self.init(strictly: text) } catch { throw .invalidURL(error) }
    guard query.isEmpty else { throw .urlWithQuery }
    guard scheme == .https || isLoopback else { throw .insecureURL(text) }
    if path.last != "/" { path += "/" }
  }
}
