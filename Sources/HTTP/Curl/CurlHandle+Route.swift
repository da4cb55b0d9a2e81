internal import CCurl

extension CurlHandle {
  func set(_ route: Route) throws(HTTPError) {
    try set(CURLOPT_URL, route.url.text)
    try set(CURLOPT_PROTOCOLS_STR, route.url.scheme.rawValue)
    try set(CURLOPT_CONNECTTIMEOUT_MS, route.timeouts.connect.milliseconds)
    try set(CURLOPT_TIMEOUT_MS, route.timeouts.total.milliseconds)
    try set(route.proxy)
    if let caBundle = route.caBundle { try trust(only: caBundle) }
  }

  /// libcurl asks no environment variable for a proxy where both options are set.
  private func set(_ proxy: Proxy?) throws(HTTPError) {
    try set(CURLOPT_PROXY, proxy?.secretText ?? "")
    try set(CURLOPT_NOPROXY, proxy == nil ? "*" : "")
  }

  private func trust(only caBundle: String) throws(HTTPError) {
    try set(CURLOPT_CAINFO, caBundle)
    // Debian's libcurl trusts the folder /etc/ssl/certs besides the file.
    try set(CURLOPT_CAPATH, nil)
  }
}
