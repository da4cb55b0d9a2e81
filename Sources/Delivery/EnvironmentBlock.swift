import CLinux

/// An environment as the kernel hands it over: raw `NAME=value` entries in their order, with duplicates and with
/// entries that have no `=`.
package struct EnvironmentBlock: Equatable, Sendable {
  package let entries: [[UInt8]]

  package init(entries: [[UInt8]]) {
    self.entries = entries
  }

  /// The environment of this process as it is now.
  package static func current() -> EnvironmentBlock {
    guard let environment = unsafe linux_environment() else { return EnvironmentBlock(entries: []) }
    return unsafe EnvironmentBlock(entries: rawStrings(environment))
  }

  /// The value of the first entry called `name`, which is the one that C programs find.
  package func value(of name: String) -> [UInt8]? {
    let prefix = Array(name.utf8) + [UInt8(ascii: "=")]
    return entries.first { $0.starts(with: prefix) }.map { Array($0.dropFirst(prefix.count)) }
  }

  /// The entries as text, the first of each name; bytes that are not UTF-8 are replaced.
  package var dictionary: [String: String] {
    let pairs = entries.compactMap { entry -> (String, String)? in
      guard let name = Self.name(of: entry) else { return nil }
      return (String(decoding: name, as: UTF8.self), String(decoding: entry[(name.endIndex + 1)...], as: UTF8.self))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// What stands before the first `=`; nil without one.
  static func name(of entry: [UInt8]) -> ArraySlice<UInt8>? {
    entry.firstIndex(of: UInt8(ascii: "=")).map { entry[..<$0] }
  }
}
