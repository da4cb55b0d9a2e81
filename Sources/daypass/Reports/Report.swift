import FoundationEssentials

/// Facts a command prints, for people or, with `--json`, for programs.
protocol Report: Encodable {
  /// Whole lines.
  var text: String { get }
}

extension Report {
  /// One JSON document on lines of its own, keys in alphabetical order.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
