import Secrets

extension SecretBytes {
  /// Without the white space around it.
  func trimmed() -> SecretBytes {
    clone(trimmedRange(of: 0..<count, where: \.isWhiteSpace))
  }

  /// The part of `range` that is left without the bytes at both ends which `isOuter` names.
  func trimmedRange(of range: Range<Int>, where isOuter: (UInt8) -> Bool) -> Range<Int> {
    withBytes { bytes in
      var inner = range
      while let first = inner.first, isOuter(bytes[first]) { inner.removeFirst() }
      while let last = inner.last, isOuter(bytes[last]) { inner.removeLast() }
      return inner
    }
  }

  /// The parts of `range` between `separator`s, which are part of none.
  func ranges(of range: Range<Int>, separatedBy separator: UInt8) -> [Range<Int>] {
    withBytes { bytes in
      var ranges: [Range<Int>] = []
      var start = range.lowerBound
      for index in range where bytes[index] == separator {
        ranges.append(start..<index)
        start = index + 1
      }
      return ranges + [start..<range.upperBound]
    }
  }
}

extension UInt8 {
  /// Space, tab, line feed and carriage return.
  var isWhiteSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }
}

extension String {
  /// Without the spaces, tabs and line ends around it.
  var trimmed: String {
    String(decoding: utf8.drop(while: \.isWhiteSpace).reversed().drop(while: \.isWhiteSpace).reversed(), as: UTF8.self)
  }
}
