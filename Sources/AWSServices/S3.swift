package import FoundationEssentials
package import Secrets

/// The Simple Storage Service: the list of buckets.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/
package struct S3 {
  private let client: AWSClient

  package init(_ client: AWSClient) {
    self.client = client
  }

  /// All buckets of the account, in the order AWS lists them.
  /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
  package func buckets(signedBy credentials: borrowing Credentials) throws(AWSError) -> [Bucket] {
    try client.list(signedBy: credentials) { marker in
      AWSCall(
        reading: .s3, "ListBuckets",
        query: [("max-buckets", Self.pageSize)] + (marker.map { [("continuation-token", $0)] } ?? []),
        .xml(root: "ListAllMyBucketsResult"))
    } read: { page throws(AWSError) in
      (try page.buckets(), try page.optionalText("ContinuationToken"))
    }
  }

  // A page must fit into the largest body we take.
  private static let pageSize = "1000"
}

extension AWSResponse {
  fileprivate func buckets() throws(AWSError) -> [Bucket] {
    try elements("Buckets/Bucket").map { place throws(AWSError) in
      Bucket(
        name: try text("Name", in: place), creationDate: try date("CreationDate", in: place),
        region: try optionalText("BucketRegion", in: place))
    }
  }
}

/// A bucket of the account.
package struct Bucket: Equatable, Sendable {
  package let name: String
  package let creationDate: Date
  /// Nil if the service does not say.
  package let region: String?
}
