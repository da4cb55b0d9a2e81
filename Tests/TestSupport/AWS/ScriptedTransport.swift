package import HTTP
import Secrets
import Testing

/// Gives the answers of a script in turn, and keeps what it was asked; anything beyond the script fails the test.
package final class ScriptedTransport: HTTPTransport {
  package enum Step {
    case answer(Int, String, headers: [String: String] = ["content-type": "text/xml"])
    case failure(HTTPError)
  }

  private var script: [Step]
  package private(set) var requests: [RecordedRequest] = []

  package init(_ script: [Step]) {
    self.script = script
  }

  /// Steps nobody asked for.
  package var remaining: Int { script.count }

  package func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    requests.append(RecordedRequest(request))
    guard !script.isEmpty else {
      Issue.record("an unscripted request: \(request.url.text)")
      throw .other(host: request.url.host, reason: "unscripted")
    }
    switch script.removeFirst() {
    case .answer(let status, let body, let headers):
      return HTTPResponse(status: status, headers: headers, body: SecretBytes(copying: body))
    case .failure(let error): throw error
    }
  }
}
