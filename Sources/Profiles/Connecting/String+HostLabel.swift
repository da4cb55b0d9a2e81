internal import AWSValues

extension String {
  /// Whether it can be one label of a host name, as a region is: letters, digits and inner hyphens, not digits alone.
  /// RFC 1123, section 2.1.
  var isHostLabel: Bool {
    let hyphen = UInt8(ascii: "-")
    return (1...63).contains(utf8.count) && utf8.first != hyphen && utf8.last != hyphen
      && utf8.allSatisfy { $0 == hyphen || ($0.isWordCharacter && $0 != UInt8(ascii: "_")) }
      && !utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
