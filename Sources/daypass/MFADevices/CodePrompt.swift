import AWSServices
import AWSValues
import Console
import FoundationEssentials
import OneTimeCodes
import Secrets

/// Asks on the terminal for codes that a device shows: six digits each, and none of them twice.
final class CodePrompt {
  let device: MFADevice
  private let countdown: CodeCountdown
  /// Whether the countdown can be redrawn on this terminal.
  private let isLive: Bool
  private var spent = SpentCodes()
  /// The half minute in which the last code was entered.
  private var step: TimeStep

  init(of device: MFADevice, on host: Host) {
    self.device = device
    countdown = CodeCountdown(now: host.now)
    isLive = !["", "dumb"].contains(host.environment["TERM"] ?? "")
    step = TimeStep(at: host.now())
  }

  /// Two codes that follow each other; the first is asked for below `picture` where that is not empty.
  /// - Throws: TerminalError.
  func pair(
    on terminal: borrowing Terminal, below picture: borrowing SecretBytes, after problem: String?
  ) throws -> ConsecutiveCodes {
    while true {
      let first = try code(on: terminal, below: picture, after: problem) { [countdown] problem in
        Explained.firstCode(countdown, after: problem)
      }
      let second = try code(on: terminal) { [countdown, step] problem in
        Explained.secondCode(countdown, since: step, after: problem)
      }
      if let codes = ConsecutiveCodes(first, second) { return codes }
    }
  }

  /// One more code, which the device shows later than those before.
  /// - Throws: TerminalError.
  func next(on terminal: borrowing Terminal) throws -> MFACode {
    try code(on: terminal) { [countdown, step] problem in Explained.nextCode(countdown, since: step, after: problem) }
  }

  /// Asks until there are six digits that were not entered before.
  private func code(
    on terminal: borrowing Terminal, below picture: borrowing SecretBytes = SecretBytes(), after problem: String? = nil,
    asking text: @escaping @Sendable (_ problem: String?) -> String
  ) throws -> MFACode {
    var problem = problem
    while true {
      let question = isLive ? Question(live: { [problem] in text(problem) }) : Question(text(problem))
      guard let code = MFACode(try Self.answer(to: question, on: terminal, below: picture), of: device) else {
        problem = CodeProblem.notSixDigits.words
        continue
      }
      if spent.insert(code) {
        step = TimeStep(at: countdown.now())
        return code
      }
      problem = CodeProblem.used.words
    }
  }

  private static func answer(
    to question: Question, on terminal: borrowing Terminal, below picture: borrowing SecretBytes
  ) throws(TerminalError) -> SecretBytes {
    picture.isEmpty
      ? try terminal.answer(to: question, echo: .visible).trimmed()
      : try terminal.answer(to: question, below: picture, echo: .visible).trimmed()
  }
}

/// Why a code is not sent.
enum CodeProblem: Equatable {
  case notSixDigits
  /// It was entered before.
  case used
}
