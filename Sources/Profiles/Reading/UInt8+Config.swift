internal import AWSValues

/// What a byte means in a config file.
extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
  var startsComment: Bool { self == UInt8(ascii: "#") || self == UInt8(ascii: ";") }
  var lowercased: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }

  /// The characters that AWS's SDKs allow in the names of profiles and properties.
  var isNameCharacter: Bool {
    isWordCharacter || "-/.%@:+".utf8.contains(self)
  }
}
