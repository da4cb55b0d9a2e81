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
    var buckets: [Bucket] = []
    var pages = Pages(call: "ListBuckets", limit: S3.pageLimit)
    repeat {
      var query = [(name: "max-buckets", value: S3.pageSize)]
      if let marker = pages.marker { query.append((name: "continuation-token", value: marker)) }
      let call = SignedCall(s3: "ListBuckets", root: "ListAllMyBucketsResult", query: query)
      let answer = try client.answer(to: call, signedBy: credentials)
      buckets += try answer.buckets()
      try pages.turn(to: answer.optionalText("ContinuationToken"))
    } while pages.marker != nil
    return buckets
  }

  // A page must fit into the largest body we take, and all pages together hold the million buckets AWS allows.
  private static let pageSize = "1000"
  private static let pageLimit = 1000
}

extension Answer {
  fileprivate func buckets() throws(AWSError) -> [Bucket] {
    var buckets: [Bucket] = []
    for place in elements("Buckets/Bucket") {
      buckets.append(
        Bucket(
          name: try text("Name", in: place), creationDate: try date("CreationDate", in: place),
          region: try optionalText("BucketRegion", in: place)))
    }
    return buckets
  }
}

/// A bucket of the account.
package struct Bucket: Equatable, Sendable {
  package let name: String
  package let creationDate: Date
  /// Nil where the service does not say.
  package let region: String?
}
