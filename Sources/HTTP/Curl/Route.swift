internal import Glibc

/// How a request will go: decided, and refused where it must not go, before anything is opened.
struct Route {
  let url: URLText
  let proxy: Proxy?
  /// A PEM file that replaces the system's certificate authorities.
  let caBundle: String?
  let timeouts: CurlTransport.Timeouts

  init(
    to url: URLText, proxies: ProxySettings, caBundle: String?, timeouts: CurlTransport.Timeouts
  ) throws(HTTPError) {
    // A URL made of parts can hold anything; libcurl must read the same host from its text.
    guard try URLText(parsing: url.text) == url else { throw .invalidURL(.character) }
    switch url.scheme {
    case .http:
      guard url.isLoopback else { throw .insecure(url: url.text) }
    case .https:
      if let caBundle, unsafe access(caBundle, R_OK) != 0 { throw .caBundleUnreadable(path: caBundle) }
    }
    self.url = url
    self.proxy = try proxies.proxy(for: url)
    self.caBundle = caBundle
    self.timeouts = timeouts
  }
}
