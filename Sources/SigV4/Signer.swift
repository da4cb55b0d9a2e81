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
  /// Authorization. They replace any that it had.
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

  /// `request` with all headers that are signed.
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

  /// The text that is signed; nothing in it is secret.
  package func stringToSign(_ request: borrowing CanonicalRequest) throws(HashingError) -> String {
    let digest = Digest.hex(try Digest.sha256(of: request.bytes))
    return "\(Self.algorithm)\n\(scope.timestamp)\n\(scope.text)\n\(digest)"
  }

  private static let algorithm = "AWS4-HMAC-SHA256"
}

extension HTTPRequest {
  /// Adds a header and removes others of the same name.
  fileprivate mutating func replaceHeader(_ name: String, _ value: String) {
    removeHeader(name)
    headers.append(Header(name, value))
  }

  fileprivate mutating func removeHeader(_ name: String) {
    headers.removeAll { $0.name.lowercased() == name.lowercased() }
  }
}

// MARK: - Signing key

/// The key derived from a secret access key for one scope.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
private struct SigningKey: ~Copyable {
  private let bytes: SecretBytes

  init(_ secretAccessKey: borrowing SecretBytes, scope: SigningScope) throws(HashingError) {
    var secret = SecretBytes(copying: "AWS4")
    secret.append(secretAccessKey)
    let day = try Self.code(of: scope.day, key: secret)
    let region = try Self.code(of: scope.region, key: day)
    let service = try Self.code(of: scope.service, key: region)
    bytes = try Self.code(of: SigningScope.terminator, key: service)
  }

  /// The signature of `stringToSign`, 64 hexadecimal digits.
  func signature(of stringToSign: String) throws(HashingError) -> String {
    try Self.code(of: stringToSign, key: bytes).withBytes { Digest.hex($0) }
  }

  private static func code(of text: String, key: borrowing SecretBytes) throws(HashingError) -> SecretBytes {
    try HMAC.sha256.code(of: text.utf8.span, key: key)
  }
}

// MARK: - Signing scope

/// What a signature is valid for: one service, in one region, on one day.
package struct SigningScope: Equatable, Sendable {
  package let region: String
  package let service: String
  /// `20150830T123600Z`, for X-Amz-Date.
  package let timestamp: String

  package init(region: String, service: String, date: Date) {
    let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
    self.region = region
    self.service = service
    self.timestamp = style.format(date)
  }

  /// `20150830`.
  package var day: String { String(timestamp.prefix(8)) }
  /// `20150830/us-east-1/sts/aws4_request`.
  package var text: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }

  fileprivate static let terminator = "aws4_request"
}
