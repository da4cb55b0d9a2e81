internal import Foundation

/// Many documents read in one start of a shell.
extension Shell {
  static let variables = [
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION",
  ]

  /// A script that evaluates each document as the whole output of a command, and shows the variables, a line each. No
  /// value has a line break, or it would have been refused.
  package func script(evaluating documents: [ExportedDocument]) -> String {
    documents.reduce(into: preparation) { script, document in
      script += evaluation.before + quoted(document.text) + evaluation.after
    }
  }

  /// What the script shows where every value is read back as it was.
  package func expectedOutput(of documents: [ExportedDocument]) -> String {
    documents.reduce(into: "") { output, document in
      for value in document.values { output += value + "\n" }
    }
  }

  /// Forgets the variables, so that what is shown comes from the document just read.
  private var preparation: String {
    let values = Self.variables.map { "\"$\($0)\"" }.joined(separator: " ")
    let names = Self.variables.joined(separator: " ")
    return switch self {
    case .sh, .dash, .bash, .zsh, .bashPosix, .zshRCQuotes:
      "show() { printf '%s\\n' \(values); unset \(names); }\n"
    case .mksh: "show() { for i in \(values); do print -r -- \"$i\"; done; unset \(names); }\n"
    case .fish, .fishEvalUnquoted, .fishSource:
      "function show; printf '%s\\n' \(values); set -e \(names); end\n"
    }
  }

  private var evaluation: (before: String, after: String) {
    switch self {
    case .sh, .dash, .bash, .zsh, .mksh, .bashPosix, .zshRCQuotes: ("eval '", "'; show\n")
    case .fish: ("eval '", "'; show\n")
    case .fishEvalUnquoted: ("eval (string split \\n -- '", "'); show\n")
    case .fishSource: ("echo -n '", "' | source; show\n")
    }
  }

  /// A document within the quotes of `evaluation`.
  private func quoted(_ text: String) -> String {
    switch syntax {
    case .posix: text.replacing("'", by: self == .zshRCQuotes ? "''" : "'\\''")
    case .fish: text.replacing("\\", by: "\\\\").replacing("'", by: "\\'")
    }
  }
}

extension String {
  /// Character by code point: a mark that combines with a quote does not hide it.
  fileprivate func replacing(_ mark: String, by text: String) -> String {
    replacingOccurrences(of: mark, with: text, options: .literal)
  }
}
