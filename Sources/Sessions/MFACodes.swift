package import AWSServices
package import AWSValues
package import Secrets

/// Gets MFA codes for calls: the one given on the command line, then by prompt.
///
/// A code that was sent is never sent again: AWS takes each once, whatever became of the call. What is not sent costs no
/// try.
package final class MFACodes {
  private var given: SecretBytes?
  private let prompter: any MFAPrompter
  private var spent = SpentCodes()

  package init(given: consuming SecretBytes?, prompter: any MFAPrompter) {
    self.given = given
    self.prompter = prompter
  }

  /// Makes `call` with a code of `device`, and again with another one if AWS refuses the first; without a code if there is
  /// no device.
  package func withCode<Result: ~Copyable>(
    of device: MFADevice?, _ call: (consuming MFACode?) throws -> Result
  ) throws -> Result {
    guard let device else { return try call(nil) }
    guard device.givesCodes else { throw SessionError.securityKey(device) }
    return try MFATries.make(
      with: { try unspentCode(of: device, try: $0, after: $1) }, { code in try call(code) },
      after: { try FailedTry($0, after: $1?.refusal) },
      else: { SessionError.noValidCode(device: device, tries: MFATries.count, $0?.answer) })
  }

  /// The first code, given or typed, that can be sent.
  private func unspentCode(of device: MFADevice, try number: Int, after last: FailedTry?) throws -> MFACode {
    var last = last
    while true {
      let typed = try nextCode(of: device, after: last)
      guard let code = MFACode(typed, of: device) else {
        last = FailedTry(refusal: .notSixDigits, error: SessionError.invalidCode, answer: last?.answer)
        continue
      }
      if spent.insert(code) { return code }
      let error = SessionError.noValidCode(device: device, tries: number, last?.answer)
      last = FailedTry(refusal: .alreadyUsed, error: error, answer: last?.answer)
    }
  }

  /// The code from `--mfa-code`, then from a prompt.
  ///
  /// - Throws: the error of the try before, if nobody can be asked for another code.
  private func nextCode(of device: MFADevice, after last: FailedTry?) throws -> SecretBytes {
    if let given = given.take() { return given }
    guard let last else { return try prompter.code(of: device, after: nil) }
    do {
      return try prompter.code(of: device, after: last.refusal)
    } catch SessionError.noPrompt {
      throw last.error
    }
  }
}

/// A code that was not accepted.
private struct FailedTry {
  let refusal: MFARefusal
  /// What to say if it was the last.
  let error: any Error
  /// What AWS has last said to a code.
  let answer: ServiceError?
}

extension FailedTry {
  /// Throws `error` if no other code can help. A wrong clock is corrected once.
  fileprivate init(_ error: AWSError, after previous: MFARefusal?) throws {
    guard let answer = error.refusal, let refusal = MFARefusal(answer) else { throw error }
    switch (refusal, previous) {
    case (.clockWasOff, .clockWasOff): throw error
    case (.clockWasOff(let offset), _):
      self.init(refusal: refusal, error: SessionError.clockWasOff(offset: offset), answer: answer)
    case (.refused, _), (.alreadyUsed, _), (.notSixDigits, _):
      self.init(refusal: refusal, error: error, answer: answer)
    }
  }
}

// MARK: - MFA prompter

/// Asks a person for the code an MFA device shows.
package protocol MFAPrompter {
  /// What was typed, unchecked; `refusal` says why it is asked for again. Throws `.noPrompt` if nobody can be asked,
  /// `.promptCancelled` if they cancelled.
  func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes
}

/// Why a code is asked for again.
package enum MFARefusal: Equatable, Sendable {
  /// It was not six digits, and was not sent.
  case notSixDigits
  /// AWS refused it.
  case refused
  /// It was sent before: AWS takes each code once.
  case alreadyUsed
  /// AWS refused the call because of this machine's clock; the next one is sent with AWS's time, which is `offset`
  /// seconds ahead.
  case clockWasOff(offset: Int)
}

extension MFARefusal {
  /// Why another code can help; nil if none can.
  fileprivate init?(_ answer: ServiceError) {
    switch answer.meaning {
    case .wrongMFACode: self = .refused
    case .clockSkew(let offset?): self = .clockWasOff(offset: offset)
    case .unknownMFADevice, .accessDenied, .expiredSession, .unknownKey, .signatureMismatch, .clockSkew(offset: nil),
      .regionDisabled, .throttled, .validation, .iam, .unavailable, .other:
      return nil
    }
  }
}
