import AWSServices
import AWSValues
import Glibc
import POSIX
import Profiles
import Secrets

extension KeyInputError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .unset(let variable):
      .usage("\(variable) is not set", hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    case .emptyLine(let number):
      .usage(
        "line \(number) of standard input is empty",
        hint: "the key ID on the first line, the secret access key on the second")
    case .invalidAccessKeyID:
      .usage(
        "an access key ID is 16 to 128 letters and digits, like AKIAIOSFODNN7EXAMPLE",
        hint: "copy it again from the IAM console")
    case .secretFirst:
      .usage(
        "that looks like a secret access key; the access key ID comes first",
        hint: "the ID has 20 letters and digits, like AKIAIOSFODNN7EXAMPLE")
    case .invalidSecret:
      .usage(
        "that is not a secret access key (40 letters, digits, / and +)", hint: "copy it again from the IAM console")
    case .temporary:
      .usage(
        "these are temporary credentials, which expire; the keyring keeps long-term keys (AKIA...)",
        hint: "create an access key for the user in the IAM console")
    case .unreadable(let path, let failure): Self.unreadable(path, failure)
    case .noColumns(let path):
      .usage(
        "\(path.displayText()) has no columns 'Access key ID' and 'Secret access key'",
        hint: "download the .csv file when creating the access key in the IAM console")
    }
  }

  private static func unreadable(_ path: String, _ failure: FileFailure) -> ErrorMessage {
    let file = path.displayText()
    let choice = "choose the .csv file that the IAM console offered when the access key was made"
    return switch failure {
    case .call(EFBIG): .usage("\(file) holds more than \(KeyInput.limit) bytes, so it is not a key file", hint: choice)
    case .call(let code):
      .failure(
        "cannot read \(file): \(String.systemError(code))",
        hint: "check the path and its permissions: ls -l \(path.shellWord)")
    case .silent:
      .failure("timed out waiting for data from the pipe \(file)", hint: "start what writes to it, or choose a file")
    case .notRegular, .foreign, .modifiedConcurrently, .busy:
      .usage("\(file) is neither a file nor a pipe", hint: choice)
    }
  }
}

// MARK: - MFA device error

extension MFADeviceError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .noTerminal:
      .usage(
        "codes from the MFA device are needed, but there is no terminal to ask on",
        hint: "run it in the foreground of a terminal")
    case .noBlockCharacters:
      .usage(
        "this terminal shows no QR code: it needs a UTF-8 locale (LANG) and a TERM that is not 'dumb'",
        hint: Self.others)
    case .terminalTooSmall(let size):
      .usage(
        "the QR code does not fit into this terminal of \(size.columns) x \(size.rows) characters",
        hint: "make the window larger, or " + Self.others)
    case .notAUser(let arn):
      .refused("\(arn.displayText()) is not an IAM user", hint: "store the key of an IAM user: daypass add PROFILE")
    case .nameTaken(let name):
      .refused("an MFA device named \(name.text) already exists", hint: "choose another --name")
    case .noDevice(let profile):
      .failure(
        "the user of profile '\(profile.displayText())' has no MFA device",
        hint: "daypass mfa enroll \(profile.shellWord)")
    case .severalDevices(let devices):
      .usage(
        "the user has several MFA devices, and the profile names none of them",
        hint: "name one: --serial \(devices.map(\.text).joined(separator: " or "))")
    case .showsNoCodes(let device): .usage("\(device.text) is a FIDO device, which shows no codes")
    case .interrupted: .failure("interrupted")
    case .noValidCodes(let device, let tries, let refusal):
      .refused(
        "AWS rejected all \(tries) code pairs for \(device.text)\(refusal.quotedBehind)",
        hint: "check the clock of the device, and enter two consecutive codes")
    }
  }

  private static let others =
    "repeat the command with --text, which shows the secret key, or --png FILE, which writes a picture"
}

// MARK: - MFA devices

/// Notes and questions about MFA devices.
extension Messages {
  static let notSixDigits = "a code is six digits"
  static let usedCode = "that is the code from before"

  static let secondCode = "MFA code 2 of 2"
  static let nextCode = "next MFA code"

  static func firstCode(_ countdown: CodeCountdown) -> String {
    "MFA code 1 of 2 (changes in \(countdown.untilNext)): "
  }

  /// As wide before the code appears as afterwards.
  static func laterCode(_ name: String, _ countdown: CodeCountdown, since step: TimeStep) -> String {
    let arrival = countdown.arrival(after: step)
    return "\(name) (appears \(arrival)): " + String(repeating: " ", count: max(0, "in 30 s".count - arrival.count))
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

  static func useForProfile(_ device: MFADevice) -> String {
    "use MFA device \(device.name.displayText()) for this profile?"
  }

  static func useInsteadOfAnother(_ device: MFADevice) -> String {
    "use your MFA device \(device.name.displayText()) for this profile, instead of making another?"
  }

  static func lineForMFA(_ device: MFADevice, of profile: String) -> String {
    "to use MFA, add this line to \(header(of: profile)): mfa_serial = \(device.text.displayText())"
  }

  static func replacement(of leftover: MFADevice) -> String {
    "MFA device \(leftover.name.displayText()) exists but was never enabled, and its secret key is lost: replace it?"
  }

  /// Says beside a QR code, which is as wide as two of its lines are high, what to do with it, if there is room.
  static func captioned(_ picture: borrowing SecretBytes, columns: Int) -> SecretBytes {
    let caption = ["Scan this with your", "authenticator app,", "then type the two codes", "that it shows next."]
    let lines = picture.withBytes { bytes in bytes.indices.count { bytes[$0] == UInt8(ascii: "\n") } } + 1
    let column = 2 * lines + 3
    var text = picture.clone()
    guard column + 24 <= columns else { return text }
    // The cursor goes there and back (ECMA-48, 8.3.21; VT100).
    text.append("\u{1b}7")
    for (index, line) in caption.enumerated() { text.append("\u{1b}[\(index + 2);\(column)H\(line)") }
    text.append("\u{1b}8")
    return text
  }

  static func picture(at path: String) -> String {
    "the QR code is in \(path.displayText()): open it and scan it; anyone who has the file can make the codes"
  }

  static func removal(ofPictureAt path: String) -> String { "remove \(path.displayText())?" }

  static func pictureStays(at path: String) -> String {
    "\(path.displayText()) was kept: anyone who has it can make the codes"
  }

  /// A device that could not be deleted when its enrolment was given up.
  static func notDeleted(_ device: MFADevice, _ error: AWSError) -> String {
    error.means(.iam(.deleteConflict))
      ? "\(device.text) is enabled, although AWS's reply was lost; daypass mfa enroll offers it for the profile"
      : "\(device.text) was not deleted: \(Messages.error(error).problem); the next daypass mfa enroll replaces it"
  }

  static let sessionFirst = "the user's policy requires MFA for this, so a session is needed first"

  static func unknownSerial(_ device: MFADevice, of profile: String) -> String {
    "profile '\(profile.displayText())' names MFA device \(device.text), which is not one of them"
  }

  static func serialStays(at location: SourceLocation) -> String {
    "mfa_serial of the removed device is still in \(location.words)"
  }
}

extension CodePairRefusal {
  /// In front of the next question.
  var inShort: String {
    switch self {
    case .wrong: "AWS rejected the codes"
    case .tooEarly: "AWS was busy"
    case .clockWasOff: "the clock was off"
    case .outcomeOpen: "AWS's reply was lost"
    }
  }

  var words: String {
    switch self {
    case .wrong:
      "AWS rejected the codes: enter two consecutive ones; if they are right, the device's clock is wrong"
    case .tooEarly: "AWS is still processing the previous change: enter the next two codes"
    case .clockWasOff(let offset):
      "\(Messages.clock(isOffBy: offset)); corrected: enter the next two codes"
    case .outcomeOpen: "AWS's reply was lost: enter the next two codes"
    }
  }
}
