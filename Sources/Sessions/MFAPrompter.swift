package import AWSValues
package import Secrets

/// Asks a person for the code an MFA device shows.
package protocol MFAPrompter {
  /// What was typed, unchecked; `refusal` says why it is asked for again. Throws `.noPrompt` where nobody can be asked,
  /// `.promptCancelled` where they would not answer.
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
