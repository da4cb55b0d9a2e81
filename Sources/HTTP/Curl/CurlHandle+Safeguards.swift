internal import CCurl

/// What holds for every request, whatever libcurl's defaults are.
extension CurlHandle {
  func setSafeguards() throws(HTTPError) {
    for (option, number) in Self.connectionSafeguards + Self.responseSafeguards { try set(option, number) }
    // Redirects are not followed; an empty list is refused, so this names the one protocol that would do no harm.
    try set(CURLOPT_REDIR_PROTOCOLS_STR, "https")
  }

  private static var connectionSafeguards: [(CURLoption, Int)] {
    [
      (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
      (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      (CURLOPT_PROXY_SSL_VERIFYPEER, 1), (CURLOPT_PROXY_SSL_VERIFYHOST, 2),
      (CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
      // A proxy is not shown the headers that are for the server.
      (CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE)),
      (CURLOPT_FRESH_CONNECT, 1), (CURLOPT_FORBID_REUSE, 1),
      // A timeout must not come as a signal: the process has other threads.
      (CURLOPT_NOSIGNAL, 1),
    ]
  }

  private static var responseSafeguards: [(CURLoption, Int)] {
    [
      (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_UNRESTRICTED_AUTH, 0), (CURLOPT_DISALLOW_USERNAME_IN_URL, 1),
      (CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
      // What is signed has to go out as it was signed.
      (CURLOPT_PATH_AS_IS, 1),
      (CURLOPT_HTTP09_ALLOWED, 0), (CURLOPT_HTTP_CONTENT_DECODING, 0), (CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
      // Small, since responses with secrets pass through it.
      (CURLOPT_BUFFERSIZE, 4096),
      // A body that is announced to be too large is refused unread; the receiver counts the others.
      (CURLOPT_MAXFILESIZE, ResponseReceiver.bodyLimit),
    ]
  }
}
