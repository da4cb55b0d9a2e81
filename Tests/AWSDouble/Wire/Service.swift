/// The services that the one port answers for, by their names in a credential scope.
package enum Service: String, Codable, CaseIterable, Sendable {
  case sts, iam, s3

  /// The Query API's `Version`; S3 has none.
  var version: String? {
    switch self {
    case .sts: "2011-06-15"
    case .iam: "2010-05-08"
    case .s3: nil
    }
  }

  var namespace: String {
    switch self {
    case .sts: "https://sts.amazonaws.com/doc/2011-06-15/"
    case .iam: "https://iam.amazonaws.com/doc/2010-05-08/"
    case .s3: "http://s3.amazonaws.com/doc/2006-03-01/"
    }
  }

  var pathRule: PathRule {
    switch self {
    case .sts, .iam: .normalizedThenEncoded
    case .s3: .encodedOnce
    }
  }
}
