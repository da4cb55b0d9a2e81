internal import AWSValues
package import HTTP
package import Hashing
package import Secrets

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
    case .normalized: PercentEncoding.encode(normalize(path).utf8, keeping: "/")
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
