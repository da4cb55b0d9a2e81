import AWSServices
import AWSValues

/// What `list-buckets` prints.
struct BucketReport: Report {
  let buckets: [Entry]

  struct Entry: Encodable {
    let name: String
    /// RFC 3339, UTC.
    let creationDate: String
    let region: String?
  }

  init(_ buckets: [Bucket]) {
    self.buckets = buckets.map {
      Entry(name: $0.name, creationDate: $0.creationDate.rfc3339, region: $0.region)
    }
  }

  var text: String {
    buckets.map { "\($0.creationDate)  \($0.name.displayText())\n" }.joined()
  }
}
