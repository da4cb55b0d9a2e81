/// An absolute http or https URL in parts, exactly as it goes over the wire.
package struct URLText: Equatable, Sendable {
  package enum Scheme: String, Sendable {
    case http, https
    package var defaultPort: Int { self == .http ? 80 : 443 }
  }

  package var scheme: Scheme
  /// Lower case; an IPv6 address stands in brackets.
  package var host: String
  /// Nil for the scheme's own port.
  package var port: Int?
  /// Starts with `/`.
  package var path: String
  /// Without the `?`; empty where there is none.
  package var query: String

  package init(scheme: Scheme, host: String, port: Int? = nil, path: String = "/", query: String = "") {
    self.scheme = scheme
    self.host = host.lowercased()
    self.port = port == scheme.defaultPort ? nil : port
    self.path = path
    self.query = query
  }

  /// The value of the Host header: the port only where it is not the scheme's own.
  package var authority: String { port.map { "\(host):\($0)" } ?? host }
  package var text: String { "\(scheme.rawValue)://\(authority)\(path)" + (query.isEmpty ? "" : "?\(query)") }

  /// Whether the host is this machine by its very name: 127.0.0.0/8, ::1 or `localhost`, which libcurl (7.77 and later)
  /// does not look up.
  package var isLoopback: Bool {
    let address = host.hasPrefix("[") ? host.dropFirst().dropLast() : host[...]
    return host == "localhost" || IPAddress(address)?.isLoopback == true
  }
}
