/// Why there is no HTTP response. Reasons come from libcurl and can quote a server.
package enum HTTPError: Error, Equatable {
  case cannotResolve(host: String)
  case cannotConnect(host: String)
  /// No connection in time, TLS included.
  case connectTimedOut(host: String, seconds: Int)
  /// Connected, and no complete response in time.
  case timedOut(host: String, seconds: Int)
  /// The connection broke before the response was complete.
  case interrupted(host: String)
  /// We stopped waiting, since nobody wants the response any more.
  case givenUp(host: String)
  /// `limit` in bytes, of the body or of the headers.
  case responseTooLarge(host: String, limit: Int)
  /// What answered does not speak HTTP.
  case notHTTP(host: String)
  /// The response is compressed or otherwise encoded, which was not asked for.
  case encoded(host: String)
  case tls(host: String, reason: String)
  case caBundleUnreadable(path: String)
  case proxy(reason: String)
  /// An environment variable that names no usable proxy; its value can hold a password.
  case invalidProxy(variable: String)
  /// Plain http to a host that is not a loopback address.
  case insecure(url: String)
  case invalidURL(URLText.Fault)
  /// A header with a line break or another control character in it, or one that is the transport's own to send.
  case invalidHeader(name: String)
  case libraryMissing(String, package: String)
  /// libcurl does not know an option that safety depends on: it is older than 7.85, or built without TLS.
  case optionRefused(Int)
  case other(host: String, reason: String)

  /// Whether the server can have received the request, so that sending it again can do a thing twice.
  package var mayHaveBeenSent: Bool {
    switch self {
    case .timedOut, .interrupted, .givenUp, .responseTooLarge, .notHTTP, .encoded, .other: true
    case .cannotResolve, .cannotConnect, .connectTimedOut, .tls, .caBundleUnreadable, .proxy, .invalidProxy,
      .insecure, .invalidURL, .invalidHeader, .libraryMissing, .optionRefused:
      false
    }
  }
}
