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

// MARK: - Proxy settings

/// Which proxy is used for which host, by the environment variables that curl and the SDKs read.
///
/// `http_proxy` is ignored: plain http goes to loopback only, and loopback is never proxied.
package struct ProxySettings: Equatable, Sendable {
  private let setting: Setting?
  /// The hosts that are reached without a proxy: names with all below them, addresses, networks, or `*`.
  private let exceptions: [String]

  /// No proxy at all.
  package static let none = ProxySettings(environment: [:])

  /// Takes the first that is not empty of `https_proxy`, `HTTPS_PROXY`, `all_proxy` and `ALL_PROXY`; likewise
  /// `no_proxy` and `NO_PROXY`, whose entries are separated by commas or white space.
  package init(environment: [String: String]) {
    func first(_ names: String...) -> Setting? {
      names.lazy.compactMap { name in environment[name].map { Setting(variable: name, value: $0) } }
        .first { !$0.value.isEmpty }
    }
    setting = first("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    exceptions = (first("no_proxy", "NO_PROXY")?.value ?? "").lowercased()
      .split { $0 == "," || $0.isWhitespace }.map(String.init)
  }

  /// The proxy for `url`, nil if it is reached directly.
  package func proxy(for url: URLText) throws(HTTPError) -> Proxy? {
    guard let setting, !url.isLoopback, !isExcepted(url.host) else { return nil }
    do { return try Proxy(parsing: setting.value) } catch { throw .invalidProxy(variable: setting.variable) }
  }

  /// The variable that names it; nil if none does.
  package var variable: String? { setting?.variable }

  private struct Setting: Equatable {
    let variable: String
    let value: String
  }
}

// MARK: - Exceptions

extension ProxySettings {
  private func isExcepted(_ host: String) -> Bool {
    let address = IPAddress(host: host)
    return exceptions.contains { entry in
      entry == "*" || address.map { Self.covers($0, entry) } ?? Self.covers(host, entry)
    }
  }

  private static func covers(_ name: String, _ entry: String) -> Bool {
    let domain = entry.hasPrefix(".") ? String(entry.dropFirst()) : entry
    return !domain.isEmpty && (name == domain || name.hasSuffix("." + domain))
  }

  private static func covers(_ address: IPAddress, _ entry: String) -> Bool {
    let parts = entry.split(separator: "/", maxSplits: 1)
    guard let first = parts.first, let network = IPAddress(first.filter { $0 != "[" && $0 != "]" }) else {
      return false
    }
    guard parts.count == 2 else { return address == network }
    guard let length = Int(parts[1]), (0...network.bytes.count * 8).contains(length) else { return false }
    return address.isIn(network, prefix: length)
  }
}
