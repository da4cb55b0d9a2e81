package import AWSServices
package import AWSValues
package import Secrets

/// Gets MFA codes for calls: the one given on the command line, then by prompt, three tries in all.
///
/// A code that was sent is never sent again: AWS takes each once, whatever became of the call.
package final class MFACodes {
  package static let tries = 3

  private var given: SecretBytes?
  private let prompter: any MFAPrompter
  private var sent = SecretBytes()

  package init(given: consuming SecretBytes?, prompter: any MFAPrompter) {
    self.given = given
    self.prompter = prompter
  }

  /// Makes `call` with a code of `device`, and again with another one where AWS refuses the first.
  package func withCode<Result: ~Copyable>(
    of device: MFADevice, _ call: (consuming MFACode) throws -> Result
  ) throws -> Result {
    var last: FailedTry?
    for number in 1...Self.tries {
      let typed = try code(of: device, after: last)
      let noneValid = SessionError.noValidCode(device: device, tries: number)
      if isSpent(typed) {
        last = FailedTry(.alreadyUsed, noneValid)
      } else if let code = MFACode(typed.clone(), of: device) {
        sent.append(typed)
        do {
          return try call(code)
        } catch let error as AWSError {
          last = try FailedTry(error, after: last?.refusal, inWords: noneValid)
        }
      } else {
        last = FailedTry(.notSixDigits, SessionError.invalidCode)
      }
    }
    throw SessionError.noValidCode(device: device, tries: Self.tries)
  }

  /// The given code, then one that is asked for; where nobody can be asked again, the try before is what went wrong.
  private func code(of device: MFADevice, after last: FailedTry?) throws -> SecretBytes {
    if let given = given.take() { return given }
    guard let last else { return try prompter.code(of: device, after: nil) }
    do {
      return try prompter.code(of: device, after: last.refusal)
    } catch SessionError.noPrompt {
      throw last.error
    }
  }

  /// Whether `typed` is among the codes sent, which stand one behind the other.
  private func isSpent(_ typed: borrowing SecretBytes) -> Bool {
    for start in stride(from: 0, to: sent.count, by: MFACode.length) {
      if sent.clone(start..<(start + MFACode.length)).equals(typed) { return true }
    }
    return false
  }

  /// A code that did not do.
  private struct FailedTry {
    let refusal: MFARefusal
    /// What to say where it was the last.
    let error: any Error

    init(_ refusal: MFARefusal, _ error: any Error) {
      self.refusal = refusal
      self.error = error
    }

    /// Throws `error` where no other code can help; a clock cannot, once it has been allowed for.
    init(_ error: AWSError, after previous: MFARefusal?, inWords noneValid: SessionError) throws {
      switch MFARefusal(error) {
      case .clockWasOff where previous != .clockWasOff: self.init(.clockWasOff, error)
      case nil, .clockWasOff: throw error
      case .some(let refusal): self.init(refusal, noneValid)
      }
    }
  }
}
