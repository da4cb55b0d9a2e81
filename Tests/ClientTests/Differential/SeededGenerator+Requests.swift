import HTTP
import TestSupport

// Left out, because botocore and daypass differ there on purpose:
// - Paths for S3, and queries, in other spellings than SigV4's own (`%7e`, `a%2fb`, `'`, a name without `=`): S3 decodes
//   and encodes what it gets, and so do we; botocore signs its own spelling only, which is the only one it sends.
// - `%2F` in a path for S3: to S3 it is the `/` of a key and is signed as one; botocore, which sends `/`, would sign it as
//   it stands.
// - Header values with white space beyond ASCII: `str.split()` takes U+0085 or U+00A0 for a blank, AWS does not.
// - Host and Proxy-Connection: the transport makes the first and refuses both.
// - X-Amz-Security-Token with a long-term key: botocore leaves it in, we take it out.
// - Date: with it botocore leaves X-Amz-Date out, which we always send.
// - X-Amz-Content-Sha256 to other services than S3: botocore believes it, we hash the body.
extension SeededGenerator {
  mutating func place(for service: String) -> URLText {
    let scheme = isOne(in: 4) ? URLText.Scheme.http : .https
    let hosts = ["sts.amazonaws.com", "s3.eu-west-1.amazonaws.com", "127.0.0.1", "[::1]", "EXAMPLE.com"]
    return URLText(
      scheme: scheme, host: hosts.randomElement(using: &self) ?? "", port: isOne(in: 2) ? number(1...65_535) : nil,
      path: "/" + text(0...12, of: service == "s3" ? Self.keyParts : Self.anyPath), query: query())
  }

  mutating func header(hasToken: Bool) -> RandomRequest.Header {
    let name = (hasToken ? Self.names + ["X-Amz-Security-Token"] : Self.names).randomElement(using: &self) ?? "X-One"
    return RandomRequest.Header(name: name, value: text(0...20, of: Self.valueParts))
  }

  private mutating func query() -> String {
    (0..<number(0...5)).map { _ in text(1...6, of: Self.encoded) + "=" + text(0...8, of: Self.encoded) }
      .joined(separator: "&")
  }

  /// As SigV4 spells it: nothing left to encode, nothing encoded that need not be.
  private static let encoded =
    RandomRequest.letters + ["-", ".", "_", "~", "A", "Z", "%20", "%2F", "%3D", "%26", "%25", "%2B", "%C3%A9", "%00"]

  private static let keyParts = encoded.filter { $0 != "%2F" } + ["/", "//", "/../", "/./"]

  private static let anyPath =
    encoded + [
      "/", "/", "//", "/./", "/../", "/..", "/.", "%2e", "%7e", "+", "=", "@", ":", "!", "$", "'", "(", ")", "*", ",",
      ";", "&",
    ]

  private static let names = [
    "Content-Type", "X-Amz-Meta-One", "x-amz-meta-one", "X-AMZ-META-TWO", "X-Amz-Date",
    "Authorization", "User-Agent", "X-Amzn-Trace-Id", "Expect", "TE", "Trailer", "Upgrade", "Keep-Alive", "Connection",
    "Transfer-Encoding", "Proxy-Authorization", "Proxy-Authenticate", "Range", "Content-MD5", "Accept", "a", "Z-9_!~",
  ]

  private static let valueParts =
    RandomRequest.letters + [" ", " ", "  ", "\t", "\t ", ",", ";", "=", "\"", "\\", "é", "日", "%20", "/", ":", "A"]
}
