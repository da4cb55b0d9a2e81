extension SignatureCalculation {
  /// Values trimmed, runs of white space made one space, repeated headers joined by commas in the order they came.
  func canonicalValue(_ name: String) -> String {
    request.values(name).map { value in
      value.split { $0.isASCII && $0.isWhitespace }.joined(separator: " ")
    }.joined(separator: ",")
  }

  /// Decoded, encoded again, sorted by encoded name, then by encoded value.
  var canonicalQuery: String {
    let pairs = request.query.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (Self.reencode(parts[0]), parts.count == 2 ? Self.reencode(parts[1]) : "")
    }
    return pairs.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  private static func reencode(_ text: Substring) -> String {
    PercentEncoding.encode(PercentEncoding.decode(text) ?? Array(text.utf8))
  }
}
