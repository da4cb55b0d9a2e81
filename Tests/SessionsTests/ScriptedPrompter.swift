import AWSValues
import Secrets
import Sessions
import Testing

/// A person who types what a script says, and is asked for nothing more.
final class ScriptedPrompter: MFAPrompter {
  private var answers: [Result<String, SessionError>]
  private(set) var questions: [MFARefusal?] = []

  init(_ answers: [Result<String, SessionError>]) {
    self.answers = answers
  }

  /// Answers nobody asked for.
  var remaining: Int { answers.count }

  func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    questions.append(refusal)
    guard !answers.isEmpty else {
      Issue.record("an unscripted question after \(String(describing: refusal))")
      throw .promptCancelled
    }
    return SecretBytes(copying: try answers.removeFirst().get())
  }
}
