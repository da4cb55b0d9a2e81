/// Why there is no HTTP response.
package enum HTTPError: Error, Equatable {

  case cannotResolve(host: String)
  case cannotConnect(host: String)
  case timedOut(host: String, seconds: Int)
  /// The connection broke before the response was complete.
  case interrupted(host: String)
  case responseTooLarge(host: String, limit: Int)
  case tls(host: String, reason: String)
  case caBundleUnreadable(path: String)
  case proxy(reason: String)
  /// Plain http to a host that is not a loopback address.
  case insecure(url: String)
  /// A header with a line break or another control character in it.
  case invalidHeader(name: String)
  case libraryMissing(String, package: String)
  case other(host: String, reason: String)
}
