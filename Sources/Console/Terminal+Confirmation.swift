extension Terminal {
  /// Whether the user answers yes; anything but `y` or `yes` means no.
  package func confirms(_ question: String) throws(TerminalError) -> Bool {
    let answer = try answer(to: question + " [y/N] ", echo: .visible).revealed() ?? ""
    return ["y", "yes"].contains(answer.trimmedOfBlanks.lowercased())
  }
}

extension String {
  fileprivate var trimmedOfBlanks: Substring {
    drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
  }
}
