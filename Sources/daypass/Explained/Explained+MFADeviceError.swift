import AWSValues

extension MFADeviceError: Explainable {
  var explanation: Explanation {
    switch self {
    case .noTerminal:
      Explanation(
        "codes of the MFA device have to be entered, and there is no terminal to ask on",
        hint: "run it in a terminal of its own, in the foreground", status: .usage)
    case .oneFormOnly:
      Explanation("--png and --text exclude each other", hint: "daypass mfa enroll --help", status: .usage)
    case .noBlockCharacters:
      Explanation(
        "this terminal shows no QR code: it needs a UTF-8 locale (LANG) and a TERM that is not 'dumb'",
        hint: Self.others, status: .usage)
    case .terminalTooSmall(let size):
      Explanation(
        "the QR code does not fit into this terminal of \(size.columns) x \(size.rows) characters",
        hint: "make the window larger, or " + Self.others, status: .usage)
    case .notAUser(let arn):
      Explanation(
        "\(arn.displayText()) is no IAM user", hint: "store the key of an IAM user: daypass add PROFILE",
        status: .refused)
    case .nameTaken(let name):
      Explanation(
        "there is an MFA device named \(name.text) already", hint: "choose another --name", status: .refused)
    case .noDevice(let profile):
      Explanation(
        "the user of profile '\(profile.displayText())' has no MFA device",
        hint: "daypass mfa enroll \(profile.displayText())", status: .failure)
    case .severalDevices(let devices):
      Explanation(
        "the user has several MFA devices, and the profile names none of them",
        hint: "add --serial \(devices.map(\.text).joined(separator: " or "))", status: .usage)
    case .showsNoCodes(let device):
      Explanation("\(device.text) is a FIDO device, which shows no codes", status: .usage)
    case .interrupted: Explanation("interrupted", status: .failure)
    case .noValidCodes(let device, let tries, let refusal):
      Explanation(
        "AWS took no codes of \(device.text) in \(tries) tries\(refusal.quotedBehind)",
        hint: "see that the clock of the device is right, and enter codes as they follow each other", status: .refused)
    }
  }

  private static let others = "use --text, which shows the secret key, or --png FILE, which writes a picture"
}
