/// What a file is called while it is written, beside the one whose place it takes: `.config.daypass-1f3a…`.
struct TemporaryName {
  private let prefix: String

  /// For the file that will be `name`.
  init(for name: String) { prefix = ".\(name).daypass-" }

  /// One that nobody else has.
  func new() -> String {
    prefix + String(UInt64.random(in: .min ... .max), radix: 16)
  }

  /// Whether `name` was made by `new`.
  func matches(_ name: String) -> Bool {
    let digits = name.utf8.dropFirst(prefix.utf8.count)
    return name.hasPrefix(prefix) && !digits.isEmpty && digits.allSatisfy(\.isLowercaseHexDigit)
  }
}

extension UInt8 {
  fileprivate var isLowercaseHexDigit: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
  }
}
