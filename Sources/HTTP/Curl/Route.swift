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
      if let caBundle, !Self.isReadableFile(caBundle) { throw .caBundleUnreadable(path: caBundle) }
    }
    self.url = url
    self.proxy = try proxies.proxy(for: url)
    self.caBundle = caBundle
    self.timeouts = timeouts
  }

  /// libcurl opens it by name, in every connection: a pipe would hold it up, or be empty the second time.
  private static func isReadableFile(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
  }
}
