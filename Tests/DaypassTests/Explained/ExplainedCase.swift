@testable import daypass

/// An error, and what the user has to be told about it.
struct ExplainedCase {
  /// Text of somebody else that must not reach a terminal as it is.
  static let hostile = "ev\u{1b}[2Jil\nx\u{202e}"

  let error: any Explainable
  let status: daypass.ExitStatus
  let hint: Hint

  /// Whether there is something the user can do next.
  enum Hint { case present, absent }

  init(_ error: any Explainable, _ status: daypass.ExitStatus, _ hint: Hint = .present) {
    self.error = error
    self.status = status
    self.hint = hint
  }
}
