package import AWSServices
package import AWSValues

extension PlanDigest.AccessPoint {
  /// Where the STS calls of a connection go.
  package init(of connection: Connection) throws(EndpointError) {
    let endpoint = try Endpoint(.sts, of: connection)
    let isCustom = connection.endpoints[.sts] != nil
    self.init(
      partition: Partition(region: endpoint.signingRegion).id, region: connection.region ?? endpoint.signingRegion,
      endpoint: isCustom ? endpoint.url.text : nil)
  }
}
