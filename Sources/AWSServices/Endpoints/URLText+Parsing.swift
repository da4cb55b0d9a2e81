internal import AWSValues
package import HTTP

extension URLText {
  /// A configured endpoint: https anywhere, http to a loopback address only; host, port and base path.
  package init(endpoint text: String) throws(EndpointError) {
    guard let scheme = Scheme(prefixing: text) else { throw .invalidURL(text) }
    let rest = text.dropFirst(scheme.rawValue.count + 3)
    let authority = rest.prefix { $0 != "/" }
    let path = rest.dropFirst(authority.count)
    guard let (host, port) = URLText.hostAndPort(authority), path.utf8.allSatisfy(\.mayStandInPath) else {
      throw .invalidURL(text)
    }
    self.init(scheme: scheme, host: host, port: port, path: path.last == "/" ? String(path) : path + "/")
    guard scheme == .https || isLoopback else { throw .insecureURL(text) }
  }

  /// Whether the host is this computer, by name or by an address that no resolver is asked about.
  package var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt8($0) }
    return numbers.first == 127 && numbers.count == 4 && numbers.map { String($0) } == parts.map { String($0) }
  }

  private static func hostAndPort(_ authority: Substring) -> (host: String, port: Int?)? {
    let isIPv6 = authority.first == "["
    let end = isIPv6 ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
    let host = authority[..<(end ?? authority.endIndex)]
    let port = authority[host.endIndex...]
    guard isIPv6 ? host.isBracketedIPv6 : host.isHostName else { return nil }
    if port.isEmpty { return (String(host), nil) }
    guard port.first == ":", let number = UInt16(port.dropFirst()), number > 0, port.dropFirst() == String(number)
    else {
      return nil
    }
    return (String(host), Int(number))
  }
}

extension URLText.Scheme {
  fileprivate init?(prefixing text: String) {
    guard let scheme = [Self.http, .https].first(where: { text.lowercased().hasPrefix($0.rawValue + "://") }) else {
      return nil
    }
    self = scheme
  }
}

extension Substring {
  fileprivate var isHostName: Bool {
    count <= 253 && split(separator: ".", omittingEmptySubsequences: false).allSatisfy { String($0).isHostLabel }
  }

  fileprivate var isBracketedIPv6: Bool {
    guard first == "[", last == "]", contains(":") else { return false }
    return dropFirst().dropLast().utf8.allSatisfy {
      switch $0 {
      case 0x30...0x3a, 0x41...0x46, 0x61...0x66, 0x2e: true
      default: false
      }
    }
  }
}

extension String {
  /// Whether it may stand between the dots of a host name: 1 to 63 letters, digits and inner hyphens.
  var isHostLabel: Bool {
    (1...63).contains(utf8.count) && first != "-" && last != "-"
      && utf8.allSatisfy { $0 == 0x2d || ($0.isWordCharacter && $0 != 0x5f) }
  }
}

extension UInt8 {
  /// Visible ASCII that neither ends a path nor needs percent-encoding.
  fileprivate var mayStandInPath: Bool {
    (0x21...0x7e).contains(self) && !"?#\"<>\\^`{|}".utf8.contains(self)
  }
}
