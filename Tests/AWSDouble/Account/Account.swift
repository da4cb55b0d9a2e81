/// What one AWS account holds, as the double knows it; the format of `aws-double --state` is its JSON.
package struct Account: Codable, Sendable {
  package var id = "123456789012"
  package var partition = "aws"
  package var users: [User] = []
  package var roles: [Role] = []
  /// Virtual devices that belong to nobody yet.
  package var unassignedMFADevices: [VirtualMFADevice] = []
  package var buckets: [Bucket] = []
  /// Regions where STS answers `RegionDisabledException`.
  package var disabledRegions: Set<String> = []
  /// Seconds a request's `X-Amz-Date` may be away from the double's clock.
  package var allowedSkew = 300
  /// The most entries of one page of an IAM list, whatever `MaxItems` says.
  package var iamPageSize = 100
  /// The most buckets of one page, whatever `max-buckets` says.
  package var bucketPageSize = 10_000

  package init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, partition, users, roles, unassignedMFADevices, buckets, disabledRegions, allowedSkew, iamPageSize
    case bucketPageSize
  }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.fields(CodingKeys.self)
    id = try fields.value(.id, or: id)
    partition = try fields.value(.partition, or: partition)
    users = try fields.value(.users, or: [])
    roles = try fields.value(.roles, or: [])
    unassignedMFADevices = try fields.value(.unassignedMFADevices, or: [])
    buckets = try fields.value(.buckets, or: [])
    disabledRegions = try fields.value(.disabledRegions, or: [])
    allowedSkew = try fields.value(.allowedSkew, or: allowedSkew)
    iamPageSize = try fields.value(.iamPageSize, or: iamPageSize)
    bucketPageSize = try fields.value(.bucketPageSize, or: bucketPageSize)
  }
}
