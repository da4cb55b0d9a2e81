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
