import AWSServices
import AWSValues
import FoundationEssentials
import Secrets
import TerminalIO

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
    isLive = Terminal.redraws(in: host.environment)
    step = TimeStep(at: host.now())
  }

  /// Two consecutive codes; the first is asked for below `picture` unless that is empty.
  /// - Throws: TerminalError.
  func pair(
    on terminal: borrowing Terminal, below picture: borrowing SecretBytes, after problem: String?
  ) throws -> ConsecutiveCodes {
    while true {
      let first = try code(on: terminal, below: picture, after: problem) { [countdown] in
        Messages.firstCode(countdown)
      }
      let second = try laterCode(Messages.secondCode, on: terminal)
      if let codes = ConsecutiveCodes(first, second) { return codes }
    }
  }

  /// One more code, later than those before.
  /// - Throws: TerminalError.
  func next(on terminal: borrowing Terminal) throws -> MFACode {
    try laterCode(Messages.nextCode, on: terminal)
  }

  private func laterCode(_ name: String, on terminal: borrowing Terminal) throws -> MFACode {
    try code(on: terminal) { [countdown, step] in Messages.laterCode(name, countdown, since: step) }
  }

  /// Asks until there are six digits that were not entered before.
  private func code(
    on terminal: borrowing Terminal, below picture: borrowing SecretBytes = SecretBytes(), after problem: String? = nil,
    asking text: @escaping @Sendable () -> String
  ) throws -> MFACode {
    var problem = problem
    while true {
      let start = problem.map { $0 + "; " } ?? ""
      let prompt = isLive ? Prompt(live: { start + text() }) : Prompt(start + text())
      let typed = try terminal.readLine(prompt, echo: .visible, below: picture).trimmed()
      guard let code = MFACode(typed, of: device) else {
        problem = Messages.notSixDigits
        continue
      }
      if spent.insert(code) {
        step = TimeStep(at: countdown.now())
        return code
      }
      problem = Messages.usedCode
    }
  }
}

// MARK: - Code countdown

/// How much longer the device shows its code; the texts keep their width while the seconds pass.
struct CodeCountdown: Sendable {
  let now: @Sendable () -> Date

  /// ` 7 s` until the next code.
  var untilNext: String {
    let time = now()
    let seconds = Int(TimeStep(at: time).end.timeIntervalSince(time).rounded(.up))
    return (seconds < 10 ? " " : "") + "\(seconds) s"
  }

  /// `in  7 s` while `step` lasts, `now` afterwards.
  func arrival(after step: TimeStep) -> String {
    TimeStep(at: now()) > step ? "now" : "in " + untilNext
  }
}

// MARK: - Code pair refusal

/// Why AWS refused two codes, if two others may be accepted.
enum CodePairRefusal: Equatable {
  /// They are wrong, do not follow each other, or were used before.
  case wrong
  /// IAM is busy with the change before, or does not see the device everywhere yet.
  case tooEarly
  /// AWS refused the call because of this machine's clock; the next one is sent with AWS's time, which is `offset`
  /// seconds ahead.
  case clockWasOff(offset: Int)
  /// The answer was lost.
  case outcomeOpen

  /// Nil if no other codes can help.
  init?(_ error: AWSError) {
    if error.leavesOutcomeOpen {
      self = .outcomeOpen
      return
    }
    guard case .service(let refusal) = error else { return nil }
    switch refusal.meaning {
    case .wrongMFACode: self = .wrong
    case .iam(.temporarilyUnmodifiable), .iam(.noSuchEntity), .throttled: self = .tooEarly
    case .clockSkew(let offset?): self = .clockWasOff(offset: offset)
    case .unknownMFADevice, .accessDenied, .expiredSession, .unknownKey, .signatureMismatch, .clockSkew(offset: nil),
      .regionDisabled, .validation, .unavailable, .other,
      .iam(.entityAlreadyExists), .iam(.deleteConflict), .iam(.limitExceeded), .iam(.malformedPolicy):
      return nil
    }
  }
}

// MARK: - Tries

extension CodePrompt {
  /// Makes `call` with two codes, and again with two others if AWS refuses the first and its error is not final; `isDone`
  /// tells, after a lost answer, whether the call was carried out.
  /// - Throws: `noValidCodes`, TerminalError, AWSError.
  func untilTaken(
    on terminal: borrowing Terminal, below picture: borrowing SecretBytes = SecretBytes(),
    _ call: (consuming ConsecutiveCodes) throws(AWSError) -> Void,
    orDone isDone: () throws(AWSError) -> Bool = { () throws(AWSError) in false },
    unless isFinal: (AWSError) -> Bool = { _ in false }
  ) throws {
    var answer: ServiceError?
    try MFATries.make(
      with: { try pair(on: terminal, below: picture, after: $1) },
      { codes in
        do throws(AWSError) {
          try call(codes)
        } catch {
          guard error.leavesOutcomeOpen, !isFinal(error), try isDone() else { throw error }
        }
      },
      after: { error, _ in
        guard !isFinal(error), let refusal = CodePairRefusal(error) else { throw error }
        answer = error.refusal ?? answer
        try terminal.say("daypass: \(refusal.words)")
        return refusal.inShort
      },
      else: { _ in MFADeviceError.noValidCodes(device, tries: MFATries.count, answer) })
  }
}
