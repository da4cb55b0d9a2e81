internal import AWSValues
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
    let signature = try signature(of: stringToSign(canonical), with: credentials.secretAccessKey)
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

  /// The signature of `text`, 64 hexadecimal digits, with the key that is derived from a secret access key for the scope.
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
  private func signature(
    of text: String, with secretAccessKey: borrowing SecretBytes
  ) throws(HashingError) -> String {
    var key = SecretBytes(copying: "AWS4")
    key.append(secretAccessKey)
    for part in [scope.day, scope.region, scope.service, SigningScope.terminator, text] {
      key = try HMAC.sha256.code(of: part.utf8.span, key: key)
    }
    return key.withBytes { Digest.hex($0) }
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

// MARK: - Signing scope

/// What a signature is valid for: one service, in one region, on one day.
package struct SigningScope: Equatable, Sendable {
  package let region: String
  package let service: String
  /// `20150830T123600Z`, for X-Amz-Date.
  package let timestamp: String

  package init(region: String, service: String, date: Date) {
    self.region = region
    self.service = service
    self.timestamp = date.rfc3339.filter { $0 != "-" && $0 != ":" }
  }

  /// `20150830`.
  package var day: String { String(timestamp.prefix(8)) }
  /// `20150830/us-east-1/sts/aws4_request`.
  package var text: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }

  fileprivate static let terminator = "aws4_request"
}

// MARK: - Canonical request

/// A request in the canonical form that both sides sign.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct CanonicalRequest: ~Copyable {
  /// Secret, because the session token is in it.
  package let bytes: SecretBytes
  /// The names of the headers in it, separated by `;`.
  package let signedHeaders: String

  package init(of request: borrowing HTTPRequest, pathRule: PathRule) throws(HashingError) {
    let headers = CanonicalHeaders(of: request)
    let path = pathRule.canonical(request.url.path)
    let query = canonicalQuery(request.url.query)
    var bytes = SecretBytes(copying: "\(request.method.rawValue)\n\(path)\n\(query)\n")
    bytes.append(headers.lines)
    bytes.append("\n\(headers.names)\n")
    bytes.append(Digest.hex(try Digest.sha256(of: request.body)))
    self.bytes = bytes
    self.signedHeaders = headers.names
  }
}

// MARK: - Canonical headers

/// The headers of a request that are signed: names in lower case and sorted, values trimmed, repeats joined by commas.
private struct CanonicalHeaders: ~Copyable {
  /// One `name:value` line each; secret, because the session token is among them.
  private(set) var lines = SecretBytes()
  /// `host;x-amz-date`
  let names: String

  init(of request: borrowing HTTPRequest) {
    let headers = Self.plainHeaders(of: request)
    let secretName = request.secretHeader.withValue { $0.name.lowercased() }
    let names = Set(headers.map(\.name) + [secretName].compactMap(\.self)).filter(Self.isSigned).sorted()
    self.names = names.joined(separator: ";")
    for name in names { appendLine(name, headers.filter { $0.name == name }, request.secretHeader) }
  }

  private mutating func appendLine(
    _ name: String, _ headers: [HTTPRequest.Header], _ secret: borrowing HTTPRequest.SecretHeader?
  ) {
    var separator = name + ":"
    for header in headers {
      lines.append(separator)
      lines.append(headerValue: header.value.utf8.span)
      separator = ","
    }
    secret.withValue { secret in
      guard secret.name.lowercased() == name else { return }
      lines.append(separator)
      secret.value.withBytes { lines.append(headerValue: $0) }
    }
    lines.append("\n")
  }

  /// The headers that are not secret, with names in lower case; the transport derives Host from the URL.
  private static func plainHeaders(of request: borrowing HTTPRequest) -> [HTTPRequest.Header] {
    let named = request.headers.map { HTTPRequest.Header($0.name.lowercased(), $0.value) }
    return [HTTPRequest.Header("host", request.url.authority)] + named.filter { $0.name != "host" }
  }

  /// Proxies and connections change the others on the way.
  private static func isSigned(_ name: String) -> Bool {
    !unsigned.contains(name) && !name.hasPrefix("proxy-")
  }

  private static let unsigned: Set = [
    "authorization", "connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
    "user-agent", "x-amzn-trace-id",
  ]
}

// MARK: - Canonical query

/// The parameters of `query`, encoded by the rules of SigV4 and sorted by name, then value.
private func canonicalQuery(_ query: String) -> String {
  func encoded(_ text: Substring) -> String { PercentEncoding.encode(PercentEncoding.decode(text)) }
  let parameters = query.split(separator: "&").map { parameter in
    let name = parameter.prefix { $0 != "=" }
    return (name: encoded(name), value: encoded(parameter[name.endIndex...].dropFirst()))
  }
  return parameters.sorted { $0 < $1 }.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
}

// MARK: - Path rule

/// How a service normalizes the path of a request for its signature.
package enum PathRule: Sendable {
  /// STS, IAM and most others: `.`, `..` and empty segments are resolved, and the path on the wire is encoded once more.
  case normalized
  /// S3, where every byte of a key counts: nothing is resolved, and the path is encoded once.
  case asIs

  /// The canonical form of `path`, which is given as it goes over the wire.
  func canonical(_ path: String) -> String {
    switch self {
    case .normalized: PercentEncoding.encode(normalize(path), keeping: "/")
    case .asIs: PercentEncoding.encode(PercentEncoding.decode(path), keeping: "/")
    }
  }

  private func normalize(_ path: String) -> String {
    var segments: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    let end = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
    return "/" + segments.joined(separator: "/") + end
  }
}

// MARK: - Header value

extension SecretBytes {
  /// Adds a header's value, trimmed, with each run of white space in it replaced by one space.
  mutating func append(headerValue value: borrowing Span<UInt8>) {
    var hasBegun = false
    var isAfterSpace = false
    for index in value.indices {
      let byte = value[index]
      guard !byte.isWhiteSpace else {
        isAfterSpace = hasBegun
        continue
      }
      if isAfterSpace { append(UInt8(ascii: " ")) }
      append(byte)
      hasBegun = true
      isAfterSpace = false
    }
  }
}

extension UInt8 {
  /// Line breaks are white space too: old HTTP folds headers with them (RFC 7230, 3.2.4).
  fileprivate var isWhiteSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}
