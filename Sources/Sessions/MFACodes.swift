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
    var refusal: MFARefusal?
    for _ in 0..<Self.tries {
      let typed = try given.take() ?? prompter.code(of: device, after: refusal)
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
        refusal = reason
      }
    }
    throw SessionError.noValidCode(device: device, tries: Self.tries)
  }

  /// Whether `typed` is among the codes sent, which stand one behind the other.
  private func isSpent(_ typed: borrowing SecretBytes) -> Bool {
    for start in stride(from: 0, to: sent.count, by: MFACode.length) {
      if sent.clone(start..<(start + MFACode.length)).equals(typed) { return true }
    }
    return false
  }
}
