import AWSValues
import Console
import Secrets

extension Host {
  /// Asks for a yes before something is done that cannot be undone; `--force` is one in advance.
  func confirm(_ question: String, unless options: ConfirmationOptions) throws {
    guard !options.force else { return }
    guard let terminal = Terminal.foreground() else { throw CommandError.cannotAsk(question, flag: "--force") }
    guard try terminal.confirms(question) else { throw CommandError.declined }
  }

  /// The device the user wants in the profile; without a terminal a hint says how to name one.
  func choose(among devices: [MFADevice], for profile: String) throws -> MFADevice? {
    guard let first = devices.first else { return nil }
    guard let terminal = Terminal.foreground() else {
      diagnostics.note("to ask for MFA codes, add to profile '\(profile)': mfa_serial = \(first.text.displayText())")
      return nil
    }
    for device in devices
    where try terminal.confirms("ask for codes of \(device.text.displayText()) (mfa_serial)?") {
      return device
    }
    return nil
  }
}
