import Console
import HTTP

/// A transport that says with `--debug` whom it asks and with what status the answer came; never a header or a body.
struct TellingTransport: HTTPTransport {
  let transport: CurlTransport
  let diagnostics: Diagnostics

  func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let target = "\(request.method.rawValue) \(request.url.scheme.rawValue)://\(request.url.authority)"
    let response = try transport.send(request)
    diagnostics.debug("\(target): status \(response.status)")
    return response
  }
}
