package import Processes

/// Where an MFA code can come from if it has to be asked for.
package enum PromptSource: String, CaseIterable, Sendable {
  /// The terminal.
  case tty
  case pinentry, zenity, kdialog
  /// A YubiKey, by its own program.
  case ykman
  case nobody = "none"
}

/// A program that asks in a window, in the order in which they are tried; pinentry also asks on a terminal.
package enum WindowProgram: String, CaseIterable, Sendable { case pinentry, zenity, kdialog }

/// What a person is asked for.
package struct PromptQuestion: Equatable, Sendable {
  package let text: String
  /// Why it is asked for again.
  package let problem: String?

  package init(_ text: String, after problem: String? = nil) {
    self.text = text
    self.problem = problem
  }

  static let title = "daypass"

  /// For a window that shows one text.
  var fullText: String { (problem.map { $0 + "\n\n" } ?? "") + text }
}

/// Why a program gave no code.
package enum PromptError: Error, Equatable {
  /// The person would not answer.
  case cancelled
  /// Nobody answered within this many seconds.
  case timedOut(seconds: Int)
  /// It cannot ask here; another may.
  case unusable(program: String, PromptFault)
}

/// What is in the way of a program that is to ask for a code.
package enum PromptFault: Equatable, Sendable {
  case program(ChildError)
  case noDisplay
  /// pinentry would ask on a terminal, and there is none, or others use it.
  case needsTerminal
  /// pinentry says no, with this number of libgpg-error.
  case refused(code: Int)
  /// pinentry does not speak its protocol.
  case malformed
  /// It printed no six digits.
  case noCode
}
