/// A proxy, as an environment variable names it: `[scheme://][user:password@]host[:port]`.
package struct Proxy: Equatable, Sendable {
  package let scheme: Scheme
  package let host: String
  package let port: Int
  /// Percent-encoded.
  private let userInformation: String?

  package enum Scheme: String, Sendable {
    case http, https, socks4, socks4a, socks5, socks5h

    /// As SDKs have it; libcurl's own for http would be 1080.
    var defaultPort: Int {
      switch self {
      case .http: 80
      case .https: 443
      case .socks4, .socks4a, .socks5, .socks5h: 1080
      }
    }
  }

  init(parsing text: String) throws(URLText.Fault) {
    let schemeEnd = text.firstRange(of: "://")
    let name = schemeEnd.map { text[..<$0.lowerBound].lowercased() } ?? Scheme.http.rawValue
    guard let scheme = Scheme(rawValue: name) else { throw .scheme }
    let rest = text[(schemeEnd?.upperBound ?? text.startIndex)...].prefix { !"/?#".contains($0) }
    guard rest.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw .character }
    let userEnd = rest.lastIndex(of: "@")
    let authority = try Authority(parsing: userEnd.map { rest[$0...].dropFirst() } ?? rest)
    self.scheme = scheme
    self.host = authority.host
    self.port = authority.port ?? scheme.defaultPort
    self.userInformation = userEnd.map { String(rest[..<$0]) }
  }

  /// Without user and password.
  package var origin: String { "\(scheme.rawValue)://\(host):\(port)" }

  /// With user and password.
  var secretText: String {
    "\(scheme.rawValue)://" + (userInformation.map { "\($0)@" } ?? "") + "\(host):\(port)"
  }
}
