package import Secrets

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
