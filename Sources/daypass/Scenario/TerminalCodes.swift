import AWSServices
import AWSValues
import Console
import OneTimeCodes
import QRCodes
import Scenarios
import Secrets

/// Codes that a person reads from an authenticator app, which takes the seed over from the terminal.
final class TerminalCodes: ScenarioCodes {
  private let host: Host
  /// Knows the codes that were entered; AWS takes none of them again.
  private var prompt: CodePrompt?

  init(on host: Host) {
    self.host = host
  }

  func pair(of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?) throws -> ConsecutiveCodes {
    let terminal = try Self.terminal(for: device)
    let problem = refusal.map { CodePairRefusal(.service($0)) ?? .tooEarly }
    if let problem { try terminal.say("daypass: \(problem.words)") }
    let picture = try picture(of: seed, device, on: terminal)
    return try prompt(for: device).pair(on: terminal, below: picture, after: problem?.inShort)
  }

  func code(of device: MFADevice, _ seed: borrowing MFASeed, after refusal: ServiceError?) throws -> MFACode {
    let terminal = try Self.terminal(for: device)
    if refusal != nil { try terminal.say("daypass: AWS does not take that code yet, or it is wrong") }
    return try prompt(for: device).next(on: terminal)
  }

  private func prompt(for device: MFADevice) -> CodePrompt {
    if let prompt, prompt.device == device { return prompt }
    let new = CodePrompt(of: device, on: host)
    prompt = new
    return new
  }

  /// The QR code, or the seed to be typed where the terminal cannot show one.
  private func picture(
    of seed: borrowing MFASeed, _ device: MFADevice, on terminal: borrowing Terminal
  ) throws -> SecretBytes {
    let name = device.name
    if Terminal.showsBlocks(in: host.environment) {
      let size = terminal.size
      let uri = try OTPAuthURI(seed: seed.base32, account: name, issuer: "daypass")
      if let text = try uri.terminalText(columns: size.columns, rows: size.rows - 2) { return text }
    }
    return Explained.seedText(seed.base32, account: name)
  }

  private static func terminal(for device: MFADevice) throws -> Terminal {
    guard let terminal = Terminal.foreground() else {
      throw CommandError.cannotAsk("MFA codes of \(device.text.displayText())", flag: "--automatic")
    }
    return terminal
  }
}
