package import Secrets

/// The parameters of a query (application/x-www-form-urlencoded) whose values may be secrets.
package struct SecretForm: ~Copyable {
  private let text: SecretBytes
  private let parameters: [(name: String, value: Range<Int>)]

  package init(_ text: borrowing SecretBytes) {
    parameters = text.ranges(separatedBy: UInt8(ascii: "&")).map { part in
      let name = text.ranges(of: part, separatedBy: UInt8(ascii: "="))[0]
      let value = min(name.upperBound + 1, part.upperBound)..<part.upperBound
      return (text.percentDecoded(name, blank: Self.blank).revealed() ?? "", value)
    }
    self.text = text.clone()
  }

  /// The value of the one parameter called `name`; nil if there is none, or if there are several, of which a reader
  /// could take this one and another that one.
  package func value(of name: String) -> SecretBytes? {
    let found = parameters.filter { $0.name == name }
    return found.count == 1 ? text.percentDecoded(found[0].value, blank: Self.blank) : nil
  }

  /// The authorization code; nil if there is none, or if it has characters that none has (RFC 6749, A.11).
  package var code: SecretBytes? {
    guard let code = value(of: "code"), !code.isEmpty,
      code.withBytes({ bytes in bytes.indices.allSatisfy { (0x20...0x7e).contains(bytes[$0]) } })
    else { return nil }
    return code
  }

  private static let blank = UInt8(ascii: "+")
}
