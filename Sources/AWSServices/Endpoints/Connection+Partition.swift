package import AWSValues

extension Connection {
  /// The same connection with a region: its own, else the default of the partition that `arn` names, else us-east-1.
  package func withRegion(forARN arn: String?) -> Connection {
    guard region == nil else { return self }
    var connection = self
    connection.region = (arn.flatMap { Partition(arn: $0) } ?? .aws).defaultRegion
    return connection
  }

  /// An error where `role` belongs to another partition than the region; a custom endpoint may serve any.
  func check(_ role: RoleARN) throws(EndpointError) {
    guard endpoints[.sts] == nil, let region, Partition(region: region).id != role.partition else { return }
    throw .otherPartition(role: role.text, region: region)
  }
}
