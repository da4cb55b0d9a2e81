package import FoundationEssentials
package import HTTP
package import Hashing
package import Secrets

/// Signs requests with AWS Signature Version 4, in their headers.
package struct Signer: Sendable {
  package let scope: SigningScope
  package let pathRule: PathRule

  package init(region: String, service: String, pathRule: PathRule, date: Date) {
    self.scope = SigningScope(region: region, service: service, date: date)
    self.pathRule = pathRule
  }

  /// `request` with X-Amz-Date, X-Amz-Security-Token for temporary credentials, X-Amz-Content-Sha256 for S3, and
  /// Authorization; of these it keeps none that it came with.
  package func sign(
    _ request: consuming HTTPRequest, with credentials: borrowing Credentials
  ) throws(HashingError) -> HTTPRequest {
    var request = try prepare(request, with: credentials)
    let canonical = try CanonicalRequest(of: request, pathRule: pathRule)
    let key = try SigningKey(credentials.secretAccessKey, scope: scope)
    let signature = try key.signature(of: stringToSign(canonical))
    let credential = "Credential=\(credentials.accessKeyID)/\(scope.text)"
    request.replaceHeader(
      "Authorization",
      "\(Self.algorithm) \(credential), SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)")
    return request
  }

  /// `request` with everything that is signed in it.
  package func prepare(
    _ request: consuming HTTPRequest, with credentials: borrowing Credentials
  ) throws(HashingError) -> HTTPRequest {
    request.replaceHeader("X-Amz-Date", scope.timestamp)
    if scope.service == "s3" {
      request.replaceHeader("X-Amz-Content-Sha256", Digest.hex(try Digest.sha256(of: request.body)))
    }
    request.removeHeader("X-Amz-Security-Token")
    request.secretHeader = nil
    credentials.sessionToken.withValue { token in
      request.secretHeader = HTTPRequest.SecretHeader("X-Amz-Security-Token", token.clone())
    }
    return request
  }

  /// What the signature is made of; nothing in it is secret.
  package func stringToSign(_ request: borrowing CanonicalRequest) throws(HashingError) -> String {
    let digest = Digest.hex(try Digest.sha256(of: request.bytes))
    return "\(Self.algorithm)\n\(scope.timestamp)\n\(scope.text)\n\(digest)"
  }

  private static let algorithm = "AWS4-HMAC-SHA256"
}

extension HTTPRequest {
  /// Adds a header in place of those of that name.
  fileprivate mutating func replaceHeader(_ name: String, _ value: String) {
    removeHeader(name)
    headers.append(Header(name, value))
  }

  fileprivate mutating func removeHeader(_ name: String) {
    headers.removeAll { $0.name.lowercased() == name.lowercased() }
  }
}
