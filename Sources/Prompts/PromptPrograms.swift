package import Processes
package import Secrets

/// Asks by the programs that print what a person types into a window, and by the one that prints the code of a YubiKey.
package struct PromptPrograms {
  private let environment: [[UInt8]]
  /// How long they wait for a person.
  private let seconds: Int

  /// How many seconds longer than its limit a program may wait before it is ended.
  static let grace = 5

  package init(environment: [[UInt8]], seconds: Int) {
    self.environment = environment
    self.seconds = seconds
  }

  /// What the person answers.
  ///
  /// - Parameter terminal: nil if a pinentry that asks on terminals may not.
  package func answer(
    to question: PromptQuestion, by program: WindowProgram, terminal: Pinentry.TerminalSettings?
  ) throws(PromptError) -> SecretBytes {
    switch program {
    case .pinentry:
      try Pinentry(self.program(["pinentry"]), terminal: terminal, seconds: seconds).answer(to: question)
    case .zenity, .kdialog: try printed(by: program, question)
    }
  }

  private func printed(by window: WindowProgram, _ question: PromptQuestion) throws(PromptError) -> SecretBytes {
    do throws(ChildError) {
      return try program(window == .zenity ? zenity(question) : kdialog(question)).run()
    } catch {
      switch error {
      // The status is 1 too if the display that was there a moment ago cannot be opened.
      case .ended(.exited(1), let complaint) where !complaint.contains(where: { $0.contains("display") }):
        throw .cancelled
      case .ended(.exited(5), _) where window == .zenity: throw .timedOut(seconds: seconds)
      case .timedOut: throw .timedOut(seconds: seconds)
      case .ended, .notFound, .notStarted, .tooMuchOutput: throw .unusable(program: window.rawValue, .program(error))
      }
    }
  }

  /// zenity takes the text of its label for C's escapes and for a mnemonic.
  private func zenity(_ question: PromptQuestion) -> [String] {
    let text = question.fullText.replacing("\\", with: "\\\\").replacing("_", with: "__")
    return [
      "zenity", "--entry", "--title", PromptQuestion.title, "--text", text, "--width", "320", "--timeout", "\(seconds)",
    ]
  }

  private func kdialog(_ question: PromptQuestion) -> [String] {
    ["kdialog", "--title", PromptQuestion.title, "--inputbox", question.fullText]
  }

  /// The code of an account that a YubiKey keeps, by ykman 4 or later.
  ///
  /// - Parameters:
  ///   - key: the serial number of the YubiKey, if it may not be any.
  ///   - terminal: where it may ask for a touch.
  package func ykman(
    account: String, onKey key: String?, terminal: ChildProgram.TerminalUse
  ) throws(ChildError) -> SecretBytes {
    let words = ["ykman"] + (key.map { ["--device", $0] } ?? []) + ["oath", "accounts", "code", "--single", account]
    return try program(words, terminal: terminal).run()
  }

  private func program(_ words: [String], terminal: ChildProgram.TerminalUse = .none) -> ChildProgram {
    ChildProgram(words, environment: environment, terminal: terminal, timeout: .seconds(seconds + Self.grace))
  }
}
