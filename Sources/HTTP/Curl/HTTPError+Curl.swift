internal import CCurl

extension HTTPError {
  /// What it means that libcurl ended with `code`.
  init(_ code: CURLcode, _ handle: borrowing CurlHandle, on route: Route) {
    let goal = route.url.scheme == .https ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T
    let reason = handle.reason(of: code)
    self = handle.reached(goal) ? .connected(code, route, reason) : .connecting(code, route, reason)
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
  /// one code for both; its words differ where OpenSSL had no error of its own to tell.
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
