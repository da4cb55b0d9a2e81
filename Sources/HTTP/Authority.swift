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

  /// A DNS name or an IPv4 address; what ends in a number is an address in full or nothing, because resolvers read
  /// `2130706433`, `0x7f.1` and `127.1` as addresses as well.
  private static func name(_ text: String) throws(URLText.Fault) -> String {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= 253, labels.allSatisfy(isLabel), let last = labels.last else { throw .host }
    let isNumber = last.utf8.allSatisfy { (0x30...0x39).contains($0) } || last.hasPrefix("0x")
    guard !isNumber || IPAddress(text) != nil else { throw .host }
    return text
  }

  private static func isLabel(_ label: Substring) -> Bool {
    (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
      && label.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
      }
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
