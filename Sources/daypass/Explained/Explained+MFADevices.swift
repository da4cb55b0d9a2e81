import AWSServices
import AWSValues
import OneTimeCodes
import Profiles
import Secrets

/// What is said and asked about MFA devices.
extension Explained {
  static func firstCode(_ countdown: CodeCountdown, after problem: String?) -> String {
    (problem.map { $0 + "; " } ?? "") + "first code (next one in \(countdown.untilNext)): "
  }

  static func secondCode(_ countdown: CodeCountdown, since step: TimeStep, after problem: String?) -> String {
    laterCode("the code after it", countdown, since: step, after: problem)
  }

  static func nextCode(_ countdown: CodeCountdown, since step: TimeStep, after problem: String?) -> String {
    laterCode("the next code", countdown, since: step, after: problem)
  }

  private static func laterCode(
    _ name: String, _ countdown: CodeCountdown, since step: TimeStep, after problem: String?
  ) -> String {
    let text = (problem.map { $0 + "; " } ?? "") + name + " (shown "
    let arrival = countdown.arrival(after: step)
    return text + arrival + "): " + String(repeating: " ", count: max(0, "in 30 s".count - arrival.count))
  }

  /// A seed for typing, in groups of four.
  static func seedText(_ seed: borrowing SecretBytes, account: String) -> SecretBytes {
    var text = SecretBytes(
      copying: "secret key of \(account), for an authenticator app:\r\n\r\n")
    seed.withBytes { digits in
      for index in digits.indices {
        if index > 0, index.isMultiple(of: 4) { text.append(index.isMultiple(of: 32) ? "\r\n" : " ") }
        text.append(digits[index])
      }
    }
    text.append("\r\n")
    return text
  }

  static func replacing(_ leftover: MFADevice) -> String {
    "\(leftover.text) was never enabled, and its secret key cannot be had again: it is replaced"
  }

  static func picture(at path: String) -> String {
    "the QR code is in \(path.displayText()): open it and scan it; whoever has the file has the codes"
  }

  static func removal(ofPictureAt path: String) -> String { "remove \(path.displayText())?" }

  static func pictureStays(at path: String) -> String {
    "\(path.displayText()) stays: whoever has it has the codes"
  }

  /// A device that could not be deleted when its enrolment was given up.
  static func notDeleted(_ device: MFADevice, _ error: AWSError) -> String {
    error.means(.iam(.deleteConflict))
      ? "\(device.text) is enabled, although AWS's answer was lost; daypass mfa enroll offers it for the profile"
      : "\(device.text) is not deleted: \(Explained.error(error).problem); the next daypass mfa enroll replaces it"
  }

  static let sessionFirst = "the policy of the user demands MFA for this, so a session is needed first"

  static func unknownSerial(_ device: MFADevice, of profile: String) -> String {
    "profile '\(profile.displayText())' asks for codes of \(device.text), which is none of them"
  }

  static func serialStays(at location: SourceLocation) -> String {
    "mfa_serial of the removed device still stands in \(location.words)"
  }
}

extension CodeProblem {
  var words: String {
    switch self {
    case .notSixDigits: "a code is six digits"
    case .used: "that code was used"
    }
  }
}

extension CodePairRefusal {
  /// In front of the next question.
  var inShort: String {
    switch self {
    case .wrong: "AWS refused the codes"
    case .tooEarly: "AWS was busy"
    case .clockWasOff: "the clock was off"
    case .outcomeOpen: "AWS's answer was lost"
    }
  }

  var words: String {
    switch self {
    case .wrong:
      "AWS refused the codes: enter two that follow each other; if they are right, the clock of the device is wrong"
    case .tooEarly: "AWS is still busy with the change before: enter the next two codes"
    case .clockWasOff(let offset):
      "\(Explained.clock(isOffBy: offset)); this is now allowed for: enter the next two codes"
    case .outcomeOpen: "AWS's answer was lost, and the codes with it: enter the next two"
    }
  }
}
