import HTTP

/// Waits for the answers of all calls but of the one that is known to hang.
struct RehearsalTransport: HTTPTransport, Sendable {
  let isHanging: @Sendable () -> Bool
  let isGivenUp: @Sendable () -> Bool

  func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    var timeouts = CurlTransport.Timeouts()
    timeouts.total = isHanging() ? .milliseconds(250) : .seconds(30)
    return try CurlTransport(userAgent: "daypass/test", timeouts: timeouts, isGivenUp: isGivenUp).send(request)
  }
}
