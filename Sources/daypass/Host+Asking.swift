import AWSValues
import Secrets

extension Host {
  /// Asks for a yes before something is done that cannot be undone; `--force` is one in advance.
  func confirm(_ question: String, unless options: ConfirmationOptions) throws {
    guard !options.force else { return }
    guard let terminal = Terminal.foreground() else { throw CommandError.cannotAsk(question, flag: "--force") }
    guard try terminal.agrees(to: question) else { throw CommandError.declined }
  }

  /// The device the user wants in the profile; without a terminal a hint says how to name one.
  func choose(among devices: [MFADevice], for profile: String) throws -> MFADevice? {
    guard let first = devices.first else { return nil }
    guard let terminal = Terminal.foreground() else {
      diagnostics.note("to ask for MFA codes, add to profile '\(profile)': mfa_serial = \(first.text.displayText())")
      return nil
    }
    for device in devices
    where try terminal.agrees(to: "ask for codes of \(device.text.displayText()) (mfa_serial)?") {
      return device
    }
    return nil
  }
}

extension Terminal {
  /// Whether the answer begins with a `y`; everything else is a no.
  func agrees(to question: String) throws(TerminalError) -> Bool {
    let typed = try answer(to: "\(question) [y/N] ", echo: .visible).trimmed()
    return typed.withBytes { bytes in !bytes.isEmpty && bytes[0] | 0x20 == UInt8(ascii: "y") }
  }
}
