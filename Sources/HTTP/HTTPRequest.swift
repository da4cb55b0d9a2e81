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
    case post = "POST"
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
