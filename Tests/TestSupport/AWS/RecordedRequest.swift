internal import Foundation
package import HTTP

/// A request as a test looks at it.
package struct RecordedRequest {
  package let method: HTTPRequest.Method
  package let url: URLText
  package let headers: [String: String]
  package let token: String?
  package let body: String

  package init(_ request: borrowing HTTPRequest) {
    method = request.method
    url = request.url
    headers = Dictionary(
      request.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { _, last in last })
    token = request.secretHeader.withValue { $0.value.revealed() } ?? nil
    body = request.body.revealed() ?? ""
  }

  /// The parameters of the form, decoded.
  package var parameters: [String: String] {
    let pairs = body.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts[1].removingPercentEncoding ?? "")
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in "\(first) and again" })
  }
}
