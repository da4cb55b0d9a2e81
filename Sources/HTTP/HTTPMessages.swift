package import Secrets

/// One HTTP request, complete: the transport adds nothing but what the connection needs.
package struct HTTPRequest: ~Copyable, Sendable {
  package var method: Method
  package var url: URLText
  /// In the order they are sent.
  package var headers: [Header]
  /// A header whose value is a secret: the session token.
  package var secretHeader: SecretHeader?
  package var body: SecretBytes
  /// Until the response is complete; nil for as long as the transport allows.
  package var timeout: Duration?

  package init(
    method: Method, url: URLText, headers: [Header] = [], secretHeader: consuming SecretHeader? = nil,
    body: consuming SecretBytes = SecretBytes()
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.secretHeader = secretHeader
    self.body = body
  }

  package enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
  }

  package struct Header: Equatable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package struct SecretHeader: ~Copyable, Sendable {
    package let name: String
    package let value: SecretBytes

    package init(_ name: String, _ value: consuming SecretBytes) {
      self.name = name
      self.value = value
    }
  }
}

// MARK: - HTTP response

/// One HTTP response.
package struct HTTPResponse: ~Copyable, Sendable {
  package let status: Int
  /// Names in lower case; of a repeated header the last value.
  package let headers: [String: String]
  package let body: SecretBytes

  package init(status: Int, headers: [String: String] = [:], body: consuming SecretBytes = SecretBytes()) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Sends one request and returns its response, whatever its status.
package protocol HTTPTransport {
  func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse
}

// MARK: - Header rules

/// Which headers may be sent: libcurl sends what it is given, line breaks and all.
enum HeaderRules {
  /// A token (RFC 9110, 5.6.2) that is not a header by which the transport frames its messages.
  static func allow(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0.isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains($0) }
      && !reserved.contains(name.lowercased())
  }

  /// No line break or other control character, and no blank at either end: a receiver drops those.
  static func allow(_ value: borrowing Span<UInt8>) -> Bool {
    for index in value.indices {
      guard value[index] >= 0x20, value[index] != 0x7f else { return false }
    }
    return value.isEmpty || (value[0] != 0x20 && value[value.count - 1] != 0x20)
  }

  private static let reserved: Set = [
    "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te",
    "trailer", "transfer-encoding", "upgrade",
  ]
}
