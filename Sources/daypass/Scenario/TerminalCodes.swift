import AWSServices
import AWSValues
import Console
import FoundationEssentials
import OneTimeCodes
import QRCodes
import Scenarios
import Secrets

/// Codes that a person reads from an authenticator app, which takes the seed over from the terminal.
final class TerminalCodes: ScenarioCodes {
  private let environment: [String: String]
  /// The last two that were typed; AWS takes none of them again.
  private var spent = SpentCodes()

  init(environment: [String: String]) {
    self.environment = environment
  }

  func pair(of device: MFADevice, _ seed: borrowing MFASeed, attempt: Int) throws -> ConsecutiveCodes {
    let terminal = try Self.terminal(for: device)
    if attempt > 1 { try terminal.say("daypass: AWS refused these codes: they are to follow one another") }
    let picture = try picture(of: seed, device, on: terminal)
    let first = try ask("First MFA code of the app that scanned this: ", below: picture, device, on: terminal)
    let second = try ask("The code after that one (\(Self.secondsLeft) s left): ", device, on: terminal)
    guard let codes = ConsecutiveCodes(first, second) else { throw ScenarioError.codesRefused(tries: attempt) }
    return codes
  }

  func code(of device: MFADevice, _ seed: borrowing MFASeed, attempt: Int) throws -> MFACode {
    let terminal = try Self.terminal(for: device)
    if attempt > 1 { try terminal.say("daypass: AWS does not take that code yet, or it is wrong") }
    return try ask("The next code, a new one (\(Self.secondsLeft) s left): ", device, on: terminal)
  }

  /// Asks until there are six digits that were not sent before.
  private func ask(
    _ question: String, below picture: borrowing SecretBytes = SecretBytes(), _ device: MFADevice,
    on terminal: borrowing Terminal
  ) throws -> MFACode {
    while true {
      let digits =
        try picture.isEmpty
        ? terminal.answer(to: question, echo: .visible).trimmed()
        : terminal.answer(to: question, below: picture, echo: .visible).trimmed()
      guard !spent.contains(digits) else {
        try terminal.say("daypass: that code was used, and a code works once: wait for the next one")
        continue
      }
      let copy = digits.clone()
      if let code = MFACode(digits, of: device) {
        spent.add(copy)
        return code
      }
      try terminal.say("daypass: an MFA code is six digits")
    }
  }

  /// The QR code, or the seed to be typed where the terminal cannot show one.
  private func picture(
    of seed: borrowing MFASeed, _ device: MFADevice, on terminal: borrowing Terminal
  ) throws -> SecretBytes {
    let size = terminal.size
    if Terminal.showsBlocks(in: environment) {
      let name = device.text.split(separator: "/").last.map(String.init) ?? device.text
      let uri = try OTPAuthURI(seed: seed.base32, account: name, issuer: "daypass")
      if let text = try uri.terminalText(columns: size.columns, rows: size.rows - 2) { return text }
    }
    var text = SecretBytes(copying: "Enter this key in an authenticator app, as time-based:\r\n\r\n  ")
    text.append(seed.base32)
    text.append("\r\n")
    return text
  }

  private static func terminal(for device: MFADevice) throws -> Terminal {
    guard let terminal = Terminal.foreground() else {
      throw CommandError.cannotAsk("MFA codes of \(device.text.displayText())", flag: "--automatic")
    }
    return terminal
  }

  private static var secondsLeft: Int {
    let now = Date()
    return max(1, Int(TimeStep(at: now).end.timeIntervalSince(now).rounded(.up)))
  }
}
