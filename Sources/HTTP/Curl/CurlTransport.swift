internal import CCurl

/// Sends requests with libcurl: over TLS, or to loopback; each on a connection of its own, and to nobody else than
/// asked.
package struct CurlTransport: HTTPTransport, Sendable {
  private let userAgent: String
  private let caBundle: String?
  private let proxies: ProxySettings
  private let timeouts: Timeouts
  private let isGivenUp: @Sendable () -> Bool

  /// `caBundle` is a PEM file that replaces the system's certificate authorities; `isGivenUp` is asked during a request
  /// whether its answer is still wanted.
  package init(
    userAgent: String, caBundle: String? = nil, proxies: ProxySettings = .none, timeouts: Timeouts = Timeouts(),
    isGivenUp: @escaping @Sendable () -> Bool = { false }
  ) {
    self.userAgent = userAgent
    self.caBundle = caBundle
    self.proxies = proxies
    self.timeouts = timeouts
    self.isGivenUp = isGivenUp
  }

  package struct Timeouts: Sendable {
    /// Until the connection stands, TLS included.
    package var connect = Duration.seconds(5)
    /// Until the response is complete.
    package var total = Duration.seconds(30)

    package init() {}
  }

  /// Opens libcurl ahead of the first request, which tells where it is missing.
  package static func openLibrary() {
    Libcurl.load()
  }

  package func send(_ request: borrowing HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let route = try Route(to: request.url, proxies: proxies, caBundle: caBundle, timeouts: timeouts)
    let library = try Libcurl.open()
    let headers = try CurlHeaderList(of: request, library)
    let handle = try CurlHandle(library)
    try handle.setSafeguards()
    try handle.set(route)
    try handle.set(CURLOPT_USERAGENT, userAgent)
    var receiver = ResponseReceiver(isGivenUp: isGivenUp)
    let code = try handle.perform(request, headers, into: &receiver)
    if let refusal = receiver.refusal { throw refusal.error(host: route.url.host) }
    guard code == CURLE_OK else { throw HTTPError(code, handle, on: route) }
    // To libcurl an end in the middle of the head is an end of the response.
    guard receiver.isHeadComplete else { throw .interrupted(host: route.url.host) }
    return receiver.response()
  }
}
