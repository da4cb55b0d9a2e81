internal import Secrets

extension SecretBytes {
  /// Adds a header's value without the white space around it, and every run of white space in it as one space.
  mutating func append(headerValue value: borrowing Span<UInt8>) {
    var hasBegun = false
    var isAfterSpace = false
    for index in value.indices {
      let byte = value[index]
      guard !byte.isWhiteSpace else {
        isAfterSpace = hasBegun
        continue
      }
      if isAfterSpace { append(UInt8(ascii: " ")) }
      append(byte)
      hasBegun = true
      isAfterSpace = false
    }
  }
}

extension UInt8 {
  /// Line breaks count: they are how old HTTP folds a header (RFC 7230, 3.2.4).
  fileprivate var isWhiteSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}
