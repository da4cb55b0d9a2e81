package import AWSValues
package import HTTP

/// Where a service is reached, and the region its signatures name.
package struct Endpoint: Equatable, Sendable {
  package let url: URLText
  package let signingRegion: String
  package let service: Connection.Service

  /// The endpoint of `service` by AWS's rules, or the one the user configured.
  package init(_ service: Connection.Service, of connection: Connection) throws(EndpointError) {
    if let text = connection.endpoints[service] {
      try self.init(service, custom: text, of: connection)
    } else {
      guard let region = connection.region else { throw .missingRegion }
      guard region.isHostLabel else { throw .invalidRegion(region) }
      try self.init(service, region: region, of: connection)
    }
  }

  private init(_ service: Connection.Service, custom text: String, of connection: Connection) throws(EndpointError) {
    guard !connection.useDualStack else { throw .dualStackWithCustomEndpoint(text) }
    guard !connection.useFIPS else { throw .fipsWithCustomEndpoint(text) }
    let region = connection.region ?? Partition.aws.defaultRegion
    guard region.isHostLabel else { throw .invalidRegion(region) }
    self.url = try URLText(endpoint: text)
    self.signingRegion = service.signingRegion(for: region)
    self.service = service
  }

  private init(_ service: Connection.Service, region: String, of connection: Connection) throws(EndpointError) {
    let hosts = EndpointHosts(
      region: region, partition: Partition(region: region), variant: .init(of: connection),
      useGlobalSTSEndpoint: connection.useGlobalSTSEndpoint)
    switch service {
    case .sts:
      self.url = URLText(scheme: .https, host: hosts.sts)
      self.signingRegion = hosts.isGlobalSTS ? Partition.aws.defaultRegion : service.signingRegion(for: region)
    case .iam:
      self.url = URLText(scheme: .https, host: hosts.iam)
      self.signingRegion = service.signingRegion(for: region)
    case .s3:
      self.url = URLText(scheme: .https, host: try hosts.s3())
      self.signingRegion = service.signingRegion(for: region)
    }
    self.service = service
  }
}

extension Connection.Service {
  /// IAM is global, and `aws-global` is no region: both are signed for the partition's own.
  fileprivate func signingRegion(for region: String) -> String {
    let partition = Partition(region: region)
    switch self {
    case .iam: return partition.defaultRegion
    case .sts, .s3: return region == partition.globalRegion ? partition.defaultRegion : region
    }
  }
}

extension String {
  /// Whether it may stand between the dots of a host name: 1 to 63 letters, digits and inner hyphens.
  fileprivate var isHostLabel: Bool {
    (1...63).contains(utf8.count) && first != "-" && last != "-"
      && utf8.allSatisfy { $0 == 0x2d || ($0.isWordCharacter && $0 != 0x5f) }
  }
}
