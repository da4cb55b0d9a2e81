import AWSValues
import Profiles
import Sessions

extension SessionError: Explainable {
  var explanation: Explanation {
    switch self {
    case .noKey(let profile, let plainText):
      Self.noKey(of: profile.displayText(), plainText: plainText)
    case .damagedKey(let profile, let reason):
      Explanation(
        "the key of profile '\(profile.displayText())' in the keyring is damaged (\(reason.words))",
        hint: "store it again: daypass add \(profile.displayText()) --force", status: .failure)
    case .noPrompt(let device):
      Explanation(
        "an MFA code of \(device.text) is needed, and there is no terminal to ask on",
        hint: "add --mfa-code 123456, or run daypass once in a terminal: its session is then shared", status: .refused)
    case .promptCancelled:
      Explanation("no MFA code was entered", status: .refused)
    case .invalidCode:
      Explanation("an MFA code is six digits", hint: "type what the device shows now", status: .usage)
    case .clockWasOff(let offset):
      Explanation(
        "\(Explained.clock(isOffBy: offset)), so AWS did not look at the MFA code",
        hint: "set it: sudo timedatectl set-ntp true; then use the next code", status: .tryAgain)
    case .noValidCode(let device, let tries, let refusal):
      Explanation(
        "no valid code of \(device.text) in \(tries) \(tries == 1 ? "try" : "tries")\(refusal.quotedBehind)",
        hint: "wait for the next code; if every code fails, check mfa_serial and the clock of the device",
        status: .refused)
    case .busy(let process, let seconds):
      Explanation(
        "\(Self.name(of: process)) has been getting this session for \(seconds) s",
        hint: process.map { "answer the question it asks, or end it: kill \($0)" } ?? "try again", status: .tryAgain)
    case .refusedElsewhere(let process):
      Explanation(
        "AWS refused this session to process \(process), which this one waited for",
        hint: "see what that process said, then try again", status: .refused)
    }
  }

  private static func name(of process: Int32?) -> String {
    process.map { "process \($0)" } ?? "another process"
  }

  private static func noKey(of profile: String, plainText: SourceLocation?) -> Explanation {
    guard let plainText else {
      return Explanation(
        "the keyring has no key for profile '\(profile)'", hint: "daypass add \(profile)", status: .noSuchProfile)
    }
    return Explanation(
      "the keyring has no key for profile '\(profile)'; \(plainText.words) still holds one in plain text",
      hint: "daypass add \(profile) --import", status: .noSuchProfile)
  }
}

extension PayloadError {
  fileprivate var words: String {
    switch self {
    case .truncated: "cut short"
    case .checksum: "its checksum is wrong"
    case .malformed: "its fields are not as they should be"
    case .unknownVersion(let version): "its format is version \(version), which this daypass does not know"
    }
  }
}
