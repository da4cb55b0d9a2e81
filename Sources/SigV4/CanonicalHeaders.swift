internal import HTTP
internal import Secrets

/// The headers of a request that are signed: names in lower case and sorted, values trimmed, repeats joined by commas.
struct CanonicalHeaders: ~Copyable {
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

  /// The headers that are not secret, named in lower case; Host is what the transport makes of the URL.
  private static func plainHeaders(of request: borrowing HTTPRequest) -> [HTTPRequest.Header] {
    let named = request.headers.map { HTTPRequest.Header($0.name.lowercased(), $0.value) }
    return [HTTPRequest.Header("host", request.url.authority)] + named.filter { $0.name != "host" }
  }

  /// Proxies and connections change the others on their way.
  private static func isSigned(_ name: String) -> Bool {
    !unsigned.contains(name) && !name.hasPrefix("proxy-")
  }

  private static let unsigned: Set = [
    "authorization", "connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
    "user-agent", "x-amzn-trace-id",
  ]
}
