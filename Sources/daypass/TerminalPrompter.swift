import AWSValues
import Console
import Secrets
import Sessions

/// Asks for MFA codes on the user's terminal.
struct TerminalPrompter: MFAPrompter {
  func code(of device: MFADevice, after refusal: MFARefusal?) throws(SessionError) -> SecretBytes {
    guard let terminal = Terminal.foreground() else { throw .noPrompt(device: device) }
    do {
      if let refusal { try terminal.say("daypass: \(refusal.words)") }
      // A code is shown as it is typed: it is worth nothing once it was sent, and a typing error is seen.
      return try terminal.answer(to: "MFA code of \(device.text.displayText()): ", echo: .visible).trimmed()
    } catch {
      throw .promptCancelled
    }
  }
}
