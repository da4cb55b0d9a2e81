extension URLText {
  /// What is wrong with a URL; the URL itself is left out, because it can hold a password.
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

  /// Reads an absolute http or https URL (RFC 3986), and nothing that only some readers take for one.
  package init(parsing text: String) throws(HTTPError) {
    do { try self.init(strictly: text) } catch { throw .invalidURL(error) }
  }

  /// The same, for a caller that tells in its own words what is wrong.
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

  /// Whether path and query are made of what RFC 3986, 3.3 and 3.4, allows there.
  private static func isWellFormed(_ target: Substring) -> Bool {
    var digitsDue = 0
    for byte in target.utf8 {
      if digitsDue > 0 {
        guard Character(Unicode.Scalar(byte)).isHexDigit else { return false }
        digitsDue -= 1
      } else if byte == UInt8(ascii: "%") {
        digitsDue = 2
      } else {
        guard isTargetCharacter(byte) else { return false }
      }
    }
    return digitsDue == 0
  }

  private static func isTargetCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "-._~!$&'()*+,;=:@/?".utf8.contains(byte)
    }
  }
}
