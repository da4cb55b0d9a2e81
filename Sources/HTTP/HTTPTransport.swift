/// Sends one request and returns its response, whatever its status.
package protocol HTTPTransport {
  func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse
}
