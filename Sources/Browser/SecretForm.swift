package import Secrets

/// The parameters of a query (application/x-www-form-urlencoded) whose values may be secrets.
package struct SecretForm: ~Copyable {
  private let text: SecretBytes
  private let parameters: [(name: String, value: Range<Int>)]

  package init(_ text: borrowing SecretBytes) {
    parameters = text.ranges(separatedBy: UInt8(ascii: "&")).map { part in
      let name = text.ranges(of: part, separatedBy: UInt8(ascii: "="))[0]
      let value = min(name.upperBound + 1, part.upperBound)..<part.upperBound
      return (text.decoded(name).revealed() ?? "", value)
    }
    self.text = text.clone()
  }

  /// The value of the one parameter called `name`; nil if there is none, or if there are several, of which a reader
  /// could take this one and another that one.
  package func value(of name: String) -> SecretBytes? {
    let found = parameters.filter { $0.name == name }
    return found.count == 1 ? text.decoded(found[0].value) : nil
  }
}

extension SecretBytes {
  /// What `range` stands for: `%41` is a character, `+` a blank.
  fileprivate func decoded(_ range: Range<Int>) -> SecretBytes {
    withBytes { bytes in
      var decoded = SecretBytes(capacity: range.count)
      var index = range.lowerBound
      while index < range.upperBound {
        if bytes[index] == UInt8(ascii: "%"), index + 2 < range.upperBound,
          let high = Self.digit(bytes[index + 1]), let low = Self.digit(bytes[index + 2])
        {
          decoded.append(high << 4 | low)
          index += 3
        } else {
          decoded.append(bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
          index += 1
        }
      }
      return decoded
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
  }
}
