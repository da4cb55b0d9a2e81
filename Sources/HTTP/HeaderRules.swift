/// Which headers may be sent: libcurl sends what it is given, line breaks and all.
enum HeaderRules {
  /// A token (RFC 9110, 5.6.2) that is not a header by which the transport frames its messages.
  static func allow(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy(isTokenCharacter) && !reserved.contains(name.lowercased())
  }

  /// No line break or other control character, and no blank at either end: a receiver drops those.
  static func allow(_ value: borrowing Span<UInt8>) -> Bool {
    for index in value.indices {
      guard value[index] >= 0x20, value[index] != 0x7f else { return false }
    }
    return value.isEmpty || (value[0] != 0x20 && value[value.count - 1] != 0x20)
  }

  private static func isTokenCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private static let reserved: Set = [
    "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te",
    "trailer", "transfer-encoding", "upgrade",
  ]
}
