import AWSServices
import AWSValues
import Console
import FoundationEssentials
import OneTimeCodes
import Secrets

/// Asks on the terminal for two codes that a device shows one after the other.
struct CodePairPrompt {
  let device: MFADevice
  let countdown: CodeCountdown
  /// Whether the countdown can be redrawn on this terminal.
  let isLive: Bool

  init(of device: MFADevice, on host: Host) {
    self.device = device
    countdown = CodeCountdown(now: host.now)
    isLive = !["", "dumb"].contains(host.environment["TERM"] ?? "")
  }

  /// Two different codes of six digits; the first is asked for below `picture` where that is not empty.
  /// - Throws: TerminalError.
  func codes(
    on terminal: borrowing Terminal, below picture: borrowing SecretBytes, after refusal: CodePairRefusal?
  ) throws -> ConsecutiveCodes {
    var problem = refusal?.inShort
    while true {
      let first = try firstDigits(on: terminal, below: picture, after: problem)
      let second = try secondDigits(on: terminal, after: first)
      if let first = MFACode(first, of: device), let second = MFACode(second, of: device),
        let codes = ConsecutiveCodes(first, second)
      {
        return codes
      }
      problem = CodeProblem.notSixDigits.words
    }
  }

  private func firstDigits(
    on terminal: borrowing Terminal, below picture: borrowing SecretBytes, after refusal: String?
  ) throws -> SecretBytes {
    var problem = refusal
    while true {
      let question = question { [countdown, problem] in Explained.firstCode(countdown, after: problem) }
      let digits =
        picture.isEmpty
        ? try terminal.answer(to: question, echo: .visible).trimmed()
        : try terminal.answer(to: question, below: picture, echo: .visible).trimmed()
      if MFACode(digits.clone(), of: device).exists { return digits }
      problem = CodeProblem.notSixDigits.words
    }
  }

  private func secondDigits(on terminal: borrowing Terminal, after first: borrowing SecretBytes) throws -> SecretBytes {
    let step = TimeStep(at: countdown.now())
    var problem: String?
    while true {
      let question = question { [countdown, problem] in Explained.secondCode(countdown, since: step, after: problem) }
      let digits = try terminal.answer(to: question, echo: .visible).trimmed()
      if digits.equals(first) {
        problem = CodeProblem.sameAgain.words
      } else if MFACode(digits.clone(), of: device).exists {
        return digits
      } else {
        problem = CodeProblem.notSixDigits.words
      }
    }
  }

  private func question(_ text: @escaping @Sendable () -> String) -> Question {
    isLive ? Question(live: text) : Question(text())
  }
}

/// Why a code is not sent.
enum CodeProblem: Equatable {
  case notSixDigits
  /// The second code is the first one.
  case sameAgain
}
