/// What caller.py says.
struct CallerReport: Decodable, Equatable {
  /// boto3's name of the place where it found credentials.
  let source: String
  let keyID: String
  let arn: String
  let buckets: [String]
}
