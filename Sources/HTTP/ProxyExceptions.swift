/// The hosts that are reached without a proxy (`NO_PROXY`): names with all below them, addresses, networks, or `*`.
struct ProxyExceptions: Equatable {
  private let entries: [String]

  /// Entries are separated by commas or white space.
  init(_ text: String) {
    entries = text.lowercased().split { $0 == "," || $0.isWhitespace }.map(String.init)
  }

  func cover(_ host: String) -> Bool {
    let bare = host.hasPrefix("[") ? host.dropFirst().dropLast() : host[...]
    let address = IPAddress(bare)
    return entries.contains { entry in
      entry == "*" || address.map { Self.covers($0, entry) } ?? Self.covers(bare, entry)
    }
  }

  private static func covers(_ name: Substring, _ entry: String) -> Bool {
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
