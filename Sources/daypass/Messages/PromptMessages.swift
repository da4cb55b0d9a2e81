import Prompts

extension PromptError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .cancelled: .refused("no MFA code was entered")
    case .timedOut(let seconds):
      .refused("nobody entered an MFA code within \(TimeSpan(seconds: seconds).text)", hint: "try again")
    case .unusable(let program, let fault):
      .refused(
        fault.words(of: program), hint: "in a terminal, --prompt tty asks there; --mfa-code 123456 does without it")
    }
  }
}

extension PromptFault {
  fileprivate func words(of program: String) -> String {
    switch self {
    case .program(.notFound): "\(program), which should ask for the MFA code, is not in PATH"
    case .program(let error): "\(program), which should ask for the MFA code, \(error.words)\(error.lastComplaint)"
    case .noDisplay: "\(program) cannot ask for the MFA code: no display answers"
    case .needsTerminal: "\(program) would ask for the MFA code on a terminal, but there is none"
    case .refused(let code): "\(program) does not ask for the MFA code (error \(code) of libgpg-error)"
    case .malformed: "\(program) does not speak pinentry's protocol"
    case .noCode: "\(program) printed no six digits"
    }
  }
}

extension PromptSource {
  /// What becomes of a question, for `explain`.
  var words: String {
    switch self {
    case .tty: "asked for on the terminal"
    case .pinentry, .zenity, .kdialog: "asked for by \(rawValue)"
    case .ykman: "from ykman"
    case .nobody: "not asked for"
    }
  }
}
