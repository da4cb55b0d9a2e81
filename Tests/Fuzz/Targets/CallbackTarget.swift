import Secrets

@testable import Browser

/// Reads the input as a request that any page in a browser may send, and as the query with which a sign-in ends.
enum CallbackTarget {
  static func check(_ input: [UInt8]) throws {
    if let request = CallbackRequest(head: SecretBytes(copying: input.span)) {
      try check(request, of: input)
    }
    let form = SecretForm(SecretBytes(copying: input.span))
    for name in ["state", "code", "error", ""] { try check(form.value(of: name).withValue { $0.bytes }, name, input) }
    if let code = form.code.withValue({ $0.bytes }) {
      try demand(!code.isEmpty && code.allSatisfy { (0x20...0x7e).contains($0) }, "\(code) is no code")
    }
  }

  /// The parts make up the first line again, and one line alone names the host.
  private static func check(_ request: borrowing CallbackRequest, of input: [UInt8]) throws {
    let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let words = lines[0].drop { $0 == UInt8(ascii: "\r") }.split(
      separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    let mark = words.count == 3 && words[1].contains(UInt8(ascii: "?")) ? "?" : ""
    let line = Array("\(request.method) \(request.path)\(mark)".utf8) + request.query.bytes
    try demand(Array(words.prefix(2).joined(separator: " ".utf8)) == line, "\(line) is not in \(lines[0])")
    let hosts = lines.dropFirst().filter { String(decoding: $0, as: UTF8.self).lowercased().contains("host:") }
    try demand(!hosts.isEmpty, "nothing names the host \(request.host)")
  }

  /// A value is that of the only parameter of its name.
  private static func check(_ value: [UInt8]?, _ name: String, _ input: [UInt8]) throws {
    let parameters = input.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { part in
      let name = part.prefix { $0 != UInt8(ascii: "=") }
      return (name: decoded(name), value: decoded(part[name.endIndex...].dropFirst()))
    }
    let named = parameters.filter { (String(validating: $0.name, as: UTF8.self) ?? "") == name }
    let read = Planted.bug(in: value, when: name == "code" && value?.count == 1, nil)
    try demand(read == (named.count == 1 ? named[0].value : nil), "\(name) of \(input) was read as \(read ?? [])")
  }

  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var (decoded, rest): ([UInt8], ArraySlice<UInt8>) = ([], text)
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      let isEscape = byte == UInt8(ascii: "%") && digits.count == 2 && digits.allSatisfy(\.isHexDigit)
      decoded.append(isEscape ? UInt8(digits, radix: 16) ?? 0 : byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      if isEscape { rest = rest.dropFirst(2) }
    }
    return decoded
  }
}
