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
  /// Why the last code did not do, and AWS's answer where it was sent.
  private var refusal: MFARefusal?
  private var answer: AWSError?

  package init(given: consuming SecretBytes?, prompter: any MFAPrompter) {
    self.given = given
    self.prompter = prompter
  }

  /// Makes `call` with a code of `device`, and again with another one where AWS refuses the first.
  package func withCode<Result: ~Copyable>(
    of device: MFADevice, _ call: (consuming MFACode) throws -> Result
  ) throws -> Result {
    for _ in 0..<Self.tries {
      let typed = try given.take() ?? nextCode(of: device)
      guard !isSpent(typed) else {
        refusal = .alreadyUsed
        continue
      }
      guard let code = MFACode(typed.clone(), of: device) else {
        refusal = .notSixDigits
        continue
      }
      sent.append(typed)
      do {
        return try call(code)
      } catch let error as AWSError {
        guard let reason = MFARefusal(error) else { throw error }
        (refusal, answer) = (reason, error)
      }
    }
    throw SessionError.noValidCode(device: device, tries: Self.tries)
  }

  private func nextCode(of device: MFADevice) throws -> SecretBytes {
    do throws(SessionError) {
      return try prompter.code(of: device, after: refusal)
    } catch {
      throw reason(for: error)
    }
  }

  /// Where nobody can be asked for another code, what became of the one before says most.
  private func reason(for error: SessionError) -> any Error {
    guard case .noPrompt = error, let refusal else { return error }
    return answer ?? (refusal == .notSixDigits ? SessionError.invalidCode : error)
  }

  /// Whether `typed` is among the codes sent, which stand one behind the other.
  private func isSpent(_ typed: borrowing SecretBytes) -> Bool {
    for start in stride(from: 0, to: sent.count, by: MFACode.length) {
      if sent.clone(start..<(start + MFACode.length)).equals(typed) { return true }
    }
    return false
  }
}
