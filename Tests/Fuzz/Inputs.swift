import Profiles
import Secrets

/// Makes choices and texts of the bytes that a fuzzer gives; beyond their end all bytes are zero.
struct FuzzInput {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  mutating func flag() -> Bool { byte() & 1 == 1 }

  /// One of `choices`, of which there is at least one.
  mutating func choice<Element>(_ choices: [Element]) -> Element { choices[Int(byte()) % choices.count] }

  mutating func number() -> UInt64 {
    (0..<8).reduce(0) { number, _ in number << 8 | UInt64(byte()) }
  }

  /// Everything up to the next line feed, which is dropped.
  mutating func line() -> [UInt8] {
    let line = rest.prefix { $0 != 0x0a }
    rest = rest[line.endIndex...].dropFirst()
    return Array(line)
  }

  mutating func text() -> String { String(decoding: line(), as: UTF8.self) }

  mutating func remainder() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }
}

// MARK: - Profile graph

/// Up to six profiles that refer to each other at random.
struct ProfileGraph {
  private(set) var profiles: [String: [Setting: String]] = [:]

  static let names = ["a", "b", "c", "d", "e", "f"]

  init(_ input: inout FuzzInput) {
    for name in Self.names where !input.isAtEnd { profiles[name] = Self.settings(of: name, &input) }
  }

  private static func settings(of name: String, _ input: inout FuzzInput) -> [Setting: String] {
    let (common, rare) = (input.byte(), input.byte())
    var settings: [Setting: String] = [:]
    func set(_ setting: Setting, when isSet: Bool, _ values: [String]) {
      if isSet { settings[setting] = input.choice(values) }
    }
    let role = "arn:aws:iam::123456789012:role/\(name)"
    set(.roleARN, when: common & 3 != 0, [role, role, role, role, role, role, "role/\(name)"])
    set(.sourceProfile, when: common & 12 != 0, names + ["none"])
    set(.mfaSerial, when: common & 16 != 0, ["arn:aws:iam::123456789012:mfa/\(name)"])
    set(.durationSeconds, when: common & 32 != 0, ["900", "3600", "3601", "43200", "60", "1h"])
    set(.accessKeyID, when: common & 64 != 0, ["AKIAIOSFODNN7EXAMPLE"])
    set(.secretAccessKey, when: (common & 64 != 0) != (rare & 3 == 3), ["made/up/secret"])
    set(.credentialProcess, when: rare & 4 != 0, names.map { "daypass credential-process \($0)" } + ["other-program"])
    set(.credentialSource, when: rare & 24 == 24, ["Environment", "EcsContainer", "Ec2InstanceMetadata"])
    set(.webIdentityTokenFile, when: rare & 96 == 96, ["/token"])
    set(.ssoSession, when: rare & 192 == 192, ["work"])
    return settings
  }

  /// The two files that say so, keys in the second.
  var files: (config: String, credentials: String) {
    var files = (config: "", credentials: "")
    for (name, settings) in profiles.sorted(by: { $0.key < $1.key }) {
      files.config += "[profile \(name)]\n"
      files.credentials += "[\(name)]\n"
      for (setting, value) in settings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        let isKey = setting == .accessKeyID || setting == .secretAccessKey
        if isKey { files.credentials += "\(setting.rawValue) = \(value)\n" }
        if !isKey { files.config += "\(setting.rawValue) = \(value)\n" }
      }
    }
    return files
  }
}

extension SecretBytes {
  var bytes: [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] } } }
}
