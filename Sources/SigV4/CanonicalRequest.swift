package import HTTP
package import Hashing
package import Secrets

/// A request in the one form that both sides sign.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct CanonicalRequest: ~Copyable {
  /// Secret, because the session token is in it.
  package let bytes: SecretBytes
  /// The names of the headers in it, separated by `;`.
  package let signedHeaders: String

  package init(of request: borrowing HTTPRequest, pathRule: PathRule) throws(HashingError) {
    let headers = CanonicalHeaders(of: request)
    let path = pathRule.canonical(request.url.path)
    let query = CanonicalQuery(request.url.query).text
    var bytes = SecretBytes(copying: "\(request.method.rawValue)\n\(path)\n\(query)\n")
    bytes.append(headers.lines)
    bytes.append("\n\(headers.names)\n")
    bytes.append(Digest.hex(try Digest.sha256(of: request.body)))
    self.bytes = bytes
    self.signedHeaders = headers.names
  }
}
