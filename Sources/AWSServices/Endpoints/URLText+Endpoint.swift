package import HTTP

extension URLText {
  /// A configured endpoint: https anywhere, http to a loopback address only; host, port and base path.
  package init(endpoint text: String) throws(EndpointError) {
    do throws(Fault) { try self.init(strictly: text) } catch { throw .invalidURL(error) }
    guard query.isEmpty else { throw .urlWithQuery }
    guard scheme == .https || isLoopback else { throw .insecureURL(text) }
    if path.last != "/" { path += "/" }
  }
}
