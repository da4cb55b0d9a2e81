import AWSServices
import Console
import Secrets
import Sessions

extension CodePrompt {
  /// Makes `call` with two codes, and again with two others where AWS does not take the first and its error is not
  /// final, three pairs in all; `isDone` tells, after a lost answer, whether the call was carried out.
  /// - Throws: `noValidCodes`, TerminalError, AWSError.
  func untilTaken(
    on terminal: borrowing Terminal, below picture: borrowing SecretBytes,
    _ call: (consuming ConsecutiveCodes) throws(AWSError) -> Void, orDone isDone: () throws(AWSError) -> Bool,
    unless isFinal: (AWSError) -> Bool = { _ in false }
  ) throws {
    var refusal: CodePairRefusal?
    var answer: ServiceError?
    for _ in 1...MFACodes.tries {
      let codes = try pair(on: terminal, below: picture, after: refusal?.inShort)
      do throws(AWSError) {
        return try call(codes)
      } catch {
        refusal = isFinal(error) ? nil : CodePairRefusal(error)
        guard let refusal else { throw error }
        answer = error.refusal ?? answer
        if refusal == .outcomeOpen, try isDone() { return }
        try terminal.say("daypass: \(refusal.words)")
      }
    }
    throw MFADeviceError.noValidCodes(device, tries: MFACodes.tries, answer)
  }
}
