import TestSupport

/// What must come of meeting a server.
enum Verdict: Sendable {
  /// The exit status, and words of the one line that says why.
  case refused(Int32, String)
  /// Exit status 0 and an answer.
  case served

  /// What is wrong with `outcome`; nothing where it is as it must be.
  func problems(of outcome: Launch.Outcome) -> [String] {
    let found = outcome.unsafeText + outcome.leaks(allowingSession: allowsSession)
    switch self {
    case .refused(let status, let words): return found + outcome.refusalProblems(status, words)
    case .served: return found + outcome.serviceProblems
    }
  }

  private var allowsSession: SessionOutput {
    switch self {
    case .refused: .forbidden
    case .served: .allowed
    }
  }
}

/// Whether a session's secret may be in the output.
enum SessionOutput { case allowed, forbidden }

extension Launch.Outcome {
  fileprivate var lines: [Substring] { errorText.split(separator: "\n") }

  fileprivate func refusalProblems(_ expected: Int32, _ words: String) -> [String] {
    let hints = lines.filter { $0.hasPrefix("daypass: hint: ") }
    let causes = lines.filter { line in
      !line.hasPrefix("daypass: hint: ") && !line.hasPrefix("daypass: warning: ")
    }
    var problems: [String] = []
    if status != .exited(expected) { problems.append("\(status), not \(expected)") }
    if !output.isEmpty { problems.append("stdout: \(outputText.prefix(200))") }
    if causes.count != 1 { problems.append("\(causes.count) causes") }
    if causes.first?.hasPrefix("daypass: ") != true { problems.append("not daypass's words") }
    if causes.first?.contains(words) != true { problems.append("the cause does not say '\(words)'") }
    if hints.count != 1 { problems.append("\(hints.count) hints") }
    return problems.isEmpty ? [] : problems + [errorText]
  }

  fileprivate var serviceProblems: [String] {
    status == .exited(0) && !output.isEmpty ? [] : ["\(status)", outputText, errorText]
  }

  /// Nothing that moves a cursor, changes a title, hides or reorders text.
  fileprivate var unsafeText: [String] {
    let scalars = (outputText + errorText).unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar != "\n"
      case .format, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
    return scalars.isEmpty ? [] : ["raw characters: \(scalars.map { String($0.value, radix: 16) })"]
  }

  fileprivate func leaks(allowingSession session: SessionOutput) -> [String] {
    var secrets = [Customer.longTermSecret]
    if session == .forbidden { secrets += [SessionAnswer.secret, SessionAnswer.token] }
    return secrets.filter { (outputText + errorText).contains($0) }.map { "leaked \($0)" }
  }
}
