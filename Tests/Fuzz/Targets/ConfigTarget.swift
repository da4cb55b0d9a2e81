@testable import Profiles

/// Reads the input as each of the two files, and compares with a slow reader of the same grammar.
enum ConfigTarget {
  static func check(_ input: [UInt8]) throws {
    let config = try read(input, as: .config)
    let credentials = try read(input, as: .credentials)
    guard let config, let credentials else { return }
    let profiles = ProfileSet(config: config, credentials: credentials)
    for name in profiles.names {
      guard let profile = profiles.profile(named: name) else { throw Violation("\(name) is listed, but not found") }
      _ = Setting.allCases.map { profile[$0] }
      _ = profiles.names(near: name + "x")
      _ = profiles.services(named: name)?.subProperty("endpoint_url", of: "sts")
    }
  }

  private static func read(_ input: [UInt8], as kind: ConfigDocument.Kind) throws -> ConfigDocument? {
    let reference = ReferenceConfig(input, isConfig: kind == .config)
    guard let document = document(input, kind) else {
      try demand(reference == nil, "a well-formed file was refused")
      return nil
    }
    guard let reference else { throw Violation("a malformed file was read") }
    let found = document.everything
    let isLong = found.values.contains { $0.values.contains { $0.utf8.count { $0 == 0x0a } > 2 } }
    let values = Planted.bug(in: found, when: isLong, [:])
    try demand(values == reference.sections, "\(values) should be \(reference.sections)")
    return document
  }

  private static func document(_ input: [UInt8], _ kind: ConfigDocument.Kind) -> ConfigDocument? {
    try? ConfigDocument(parsing: input, file: "file", as: kind)
  }
}
