import AWSServices
import AWSValues
import Profiles

/// What `add` says and asks.
extension Messages {
  static func adding(_ profile: String, _ origin: String) -> String {
    "adding the key of profile '\(profile.displayText())' (\(origin))"
  }

  static func next(for profile: String) -> String {
    "next: daypass list-buckets \(profile.shellWord), or daypass exec \(profile.shellWord) -- aws s3 ls"
  }

  static func wrote(_ settings: [Setting], of profile: String, to file: String) -> String {
    let list = settings.isEmpty ? "" : " (\(settings.map(\.rawValue).joined(separator: ", ")))"
    return "wrote \(header(of: profile))\(list) to \(file.displayText())"
  }

  /// The line above the profile's settings in the config file.
  static func header(of profile: String) -> String { profile == "default" ? "[default]" : "[profile \(profile)]" }

  static func wrote(ssoSession name: String, to file: String) -> String {
    "wrote [sso-session \(name)] to \(file.displayText()); next: daypass sso import \(name.shellWord)"
  }

  static let keysInClear = "the keyring has no password, so the keys in it are on the disk in clear"
  static let unreadPipe = "standard input is a pipe, which is read only with --stdin"
  static let offerOfCredentialProcess = "let aws, boto3 and terraform use this profile too?"
}

extension KeyRefusal: UserFacingError {
  var errorMessage: ErrorMessage {
    let message = Messages.error(reason)
    let hint =
      isWrongSecret
      ? "copy both halves again; AWS shows a secret once, so a lost one means a new access key"
      : "see in the IAM console whether this access key is there and active"
    return ErrorMessage("nothing was stored: " + message.problem, hint: hint, status: message.status)
  }

  /// In front of the next prompt.
  var inShort: String { "nothing was stored: the secret access key is wrong for this key ID" }
}
