import AWSValues

extension [String] {
  /// `did you mean 'a' or 'b'?`; nil where there is nothing to suggest.
  var question: String? {
    guard !isEmpty else { return nil }
    return "did you mean \(map { "'\($0.displayText())'" }.joined(separator: " or "))?"
  }
}
