internal import Glibc

/// Host and port of a URL (RFC 3986, 3.2), without user information.
struct Authority: Equatable {
  /// Lower case; an IPv6 address in its shortest form, in brackets.
  let host: String
  let port: Int?

  init(parsing text: Substring) throws(URLText.Fault) {
    let end = text.hasPrefix("[") ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":")
    let host = text[..<(end ?? text.endIndex)]
    self.host = try host.hasPrefix("[") ? Self.version6(host) : Self.name(host.lowercased())
    self.port = try Self.port(text[host.endIndex...])
  }

  private static func version6(_ text: Substring) throws(URLText.Fault) -> String {
    guard let address = IPAddress(text.dropFirst().dropLast()), address.isVersion6, text.hasSuffix("]") else {
      throw .host
    }
    return "[\(address.text)]"
  }

  /// A DNS name or an IPv4 address. A host that ends in a number has to be a complete address, because resolvers also read
  /// `2130706433`, `0x7f.1` and `127.1` as addresses.
  private static func name(_ text: String) throws(URLText.Fault) -> String {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= 253, labels.allSatisfy(isLabel), let last = labels.last else { throw .host }
    let isNumber = last.utf8.allSatisfy { (0x30...0x39).contains($0) } || last.hasPrefix("0x")
    guard !isNumber || IPAddress(text) != nil else { throw .host }
    return text
  }

  private static func isLabel(_ label: Substring) -> Bool {
    (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
      && label.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
  }

  private static func port(_ text: Substring) throws(URLText.Fault) -> Int? {
    guard let colon = text.first else { return nil }
    let digits = text.dropFirst()
    guard colon == ":", (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(digits), (1...65535).contains(port)
    else { throw .port }
    return port
  }
}

// MARK: - IP address

/// An IPv4 or IPv6 address in its full written form: four decimal parts, or RFC 4291; no shorthand of C's inet_aton.
struct IPAddress: Equatable {
  /// 4 or 16, in network order.
  let bytes: [UInt8]

  /// Reads an address without brackets.
  init?(_ text: some StringProtocol) {
    let family = text.utf8.contains(UInt8(ascii: ":")) ? AF_INET6 : AF_INET
    var bytes = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
    let text = String(text)
    guard !text.utf8.contains(0), unsafe inet_pton(family, text, &bytes) == 1 else { return nil }
    self.bytes = bytes
  }

  /// The address that the host of a URL is: an IPv6 address is in brackets.
  init?(host: String) {
    self.init(host.hasPrefix("[") ? host.dropFirst().dropLast() : host[...])
  }

  var isVersion6: Bool { bytes.count == 16 }

  /// 127.0.0.0/8 and ::1 (RFC 6890).
  var isLoopback: Bool {
    isVersion6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 : bytes.first == 127
  }

  /// The shortest form (RFC 5952), without brackets.
  var text: String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    _ = unsafe inet_ntop(isVersion6 ? AF_INET6 : AF_INET, bytes, &buffer, socklen_t(buffer.count))
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether the first `length` bits are those of `network`.
  func isIn(_ network: IPAddress, prefix length: Int) -> Bool {
    guard bytes.count == network.bytes.count else { return false }
    return (0..<min(length, bytes.count * 8)).allSatisfy { bit in
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      return bytes[bit / 8] & mask == network.bytes[bit / 8] & mask
    }
  }
}

// MARK: - URL text

/// An absolute http or https URL in parts, exactly as it goes over the wire.
package struct URLText: Equatable, Sendable {
  package enum Scheme: String, Sendable {
    case http, https
    package var defaultPort: Int { self == .http ? 80 : 443 }
  }

  package var scheme: Scheme
  /// Lower case; an IPv6 address is in brackets.
  package var host: String
  /// Nil for the scheme's own port.
  package var port: Int?
  /// Starts with `/`.
  package var path: String
  /// Without the `?`; empty if there is none.
  package var query: String

  package init(scheme: Scheme, host: String, port: Int? = nil, path: String = "/", query: String = "") {
    self.scheme = scheme
    self.host = host.lowercased()
    self.port = port == scheme.defaultPort ? nil : port
    self.path = path
    self.query = query
  }

  /// The value of the Host header: the port only if it is not the scheme's own.
  package var authority: String { port.map { "\(host):\($0)" } ?? host }
  package var text: String { "\(scheme.rawValue)://\(authority)\(path)" + (query.isEmpty ? "" : "?\(query)") }

  /// Whether the host is this machine by its very name: 127.0.0.0/8, ::1 or `localhost`, which libcurl (7.77 and later)
  /// does not look up.
  package var isLoopback: Bool {
    host == "localhost" || IPAddress(host: host)?.isLoopback == true
  }

  /// Whether the host is an address at which AWS gives a container or an instance what belongs to it. They are link-local,
  /// or unique local addresses that AWS keeps on the machine.
  package var isMetadataAddress: Bool { isContainerAddress || isInstanceAddress }

  /// Whether it is the address of an agent of ECS or EKS.
  /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
  package var isContainerAddress: Bool { ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"].contains(host) }

  /// Whether it is the address of an EC2 instance's metadata service.
  /// https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
  package var isInstanceAddress: Bool { ["169.254.169.254", "[fd00:ec2::254]"].contains(host) }
}

// MARK: - Parsing

extension URLText {
  /// What is wrong with a URL. The URL itself is left out, because it may contain a password.
  package enum Fault: Error, Equatable, Sendable {
    /// Neither http nor https.
    case scheme
    /// `user:password@`
    case userInformation
    case fragment
    case host
    case port
    /// A character that has to be percent-encoded, or a `%` without two digits.
    case character
  }

  /// Reads an absolute http or https URL (RFC 3986), and refuses what only some readers accept.
  package init(strictly text: String) throws(Fault) {
    guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()),
      text[colon...].hasPrefix("://")
    else { throw .scheme }
    let rest = text[colon...].dropFirst(3)
    let authority = rest.prefix { !"/?#".contains($0) }
    let target = rest[authority.endIndex...]
    guard !authority.contains("@") else { throw .userInformation }
    guard !target.contains("#") else { throw .fragment }
    guard Self.isWellFormed(target) else { throw .character }
    let place = try Authority(parsing: authority)
    let path = target.prefix { $0 != "?" }
    self.init(
      scheme: scheme, host: place.host, port: place.port, path: path.isEmpty ? "/" : String(path),
      query: String(target[path.endIndex...].dropFirst()))
  }

  /// Whether path and query contain only what RFC 3986, 3.3 and 3.4, allows there.
  private static func isWellFormed(_ target: Substring) -> Bool {
    var digitsDue = 0
    for byte in target.utf8 {
      if digitsDue > 0 {
        guard Character(Unicode.Scalar(byte)).isHexDigit else { return false }
        digitsDue -= 1
      } else if byte == UInt8(ascii: "%") {
        digitsDue = 2
      } else {
        guard byte.isAlphanumeric || "-._~!$&'()*+,;=:@/?".utf8.contains(byte) else { return false }
      }
    }
    return digitsDue == 0
  }
}

extension UInt8 {
  /// Whether it is a letter or a digit of ASCII.
  var isAlphanumeric: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: false
    }
  }
}
