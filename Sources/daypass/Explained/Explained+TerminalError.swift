import Console

extension TerminalError: Explainable {
  var explanation: Explanation {
    switch self {
    case .endOfInput:
      Explanation("nothing was entered", status: .failure)
    case .timedOut:
      Explanation("nothing was entered in time", status: .tryAgain)
    case .lineTooLong(let limit):
      Explanation("what was entered is longer than \(limit) bytes", status: .usage)
    case .interrupted:
      Explanation("interrupted", status: .failure)
    case .failed(let code):
      Explanation("the terminal failed: \(String(systemError: code))", status: .failure)
    }
  }
}
