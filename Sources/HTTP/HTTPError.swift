internal import CCurl
package import POSIX

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
  /// We stopped waiting, because the response is no longer wanted.
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
  /// Plain http to a host for which the transport does not allow it.
  case insecure(url: String)
  case invalidURL(URLText.Fault)
  /// A header with a line break or another control character in it, or one that is the transport's own to send.
  case invalidHeader(name: String)
  case libraryMissing(LibraryMissing)
  /// libcurl does not know an option that safety depends on: it is older than 7.87, or built without TLS.
  case optionRefused(Int)
  case other(host: String, reason: String)
}

// MARK: - Curl

extension HTTPError {
  /// Why the watchdog ended the request in `phase`.
  init(_ verdict: Watchdog.Verdict, _ phase: Watchdog.Phase, on route: Route) {
    switch verdict {
    case .givenUp: self = .givenUp(host: route.url.host)
    case .timedOut: self = .init(CURLE_OPERATION_TIMEDOUT, "", phase, on: route)
    }
  }

  /// What it means that libcurl ended with `code` in `phase`; `reason` is in libcurl's words.
  init(_ code: CURLcode, _ reason: String, _ phase: Watchdog.Phase, on route: Route) {
    switch phase {
    case .connecting: self = .connecting(code, route, reason)
    case .connected: self = .connected(code, route, reason)
    }
  }

  /// `code` came before there was a connection to send a request on.
  private static func connecting(_ code: CURLcode, _ route: Route, _ reason: String) -> HTTPError {
    let host = route.url.host
    switch code {
    case CURLE_OPERATION_TIMEDOUT: return .connectTimedOut(host: host, seconds: route.timeouts.connect.wholeSeconds)
    case CURLE_COULDNT_RESOLVE_HOST: return .cannotResolve(host: host)
    case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .proxy(reason: reason)
    case CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR:
      return broken(route, reason)
    case CURLE_SSL_CACERT_BADFILE:
      return route.caBundle.map { .caBundleUnreadable(path: $0) } ?? .tls(host: host, reason: reason)
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_INVALIDCERTSTATUS:
      return isBreak(reason) ? broken(route, reason) : .tls(host: host, reason: reason)
    default: return .other(host: host, reason: reason)
    }
  }

  private static func broken(_ route: Route, _ reason: String) -> HTTPError {
    route.proxy == nil ? .cannotConnect(host: route.url.host) : .proxy(reason: reason)
  }

  /// Whether a handshake failed because the connection ended: nothing was found wrong with the peer. libcurl 7.88 has
  /// one code for both; its words differ if OpenSSL had no error of its own to tell.
  private static func isBreak(_ reason: String) -> Bool {
    reason.contains(" SSL_connect: ") || reason.contains("unexpected eof")
  }

  /// `code` came when the request had been sent, or could have been.
  private static func connected(_ code: CURLcode, _ route: Route, _ reason: String) -> HTTPError {
    let host = route.url.host
    switch code {
    case CURLE_OPERATION_TIMEDOUT: return .timedOut(host: host, seconds: route.timeouts.total.wholeSeconds)
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE: return .interrupted(host: host)
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: return .notHTTP(host: host)
    case CURLE_FILESIZE_EXCEEDED: return .responseTooLarge(host: host, limit: ResponseReceiver.bodyLimit)
    // This is how libcurl 7.88 says that one line of the head is longer than its own 100 KB.
    case CURLE_OUT_OF_MEMORY: return .responseTooLarge(host: host, limit: ResponseReceiver.headLimit)
    default: return .other(host: host, reason: reason)
    }
  }
}
