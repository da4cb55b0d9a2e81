import AWSServices

extension ServiceError {
  /// What AWS's refusal means, with its code, its own words and the request id.
  var explanation: Explanation {
    let (words, hint, status) = told
    return Explanation("\(words)\(quotedBehind)", hint: hint, status: status)
  }

  /// AWS's code, its own words and the request id, in brackets behind ours.
  fileprivate var quotedBehind: String {
    let request = requestID.map { ", request id \($0)" } ?? ""
    let words = message.isEmpty ? "" : ": \(message.hasSuffix(".") ? message.dropLast() : message[...])"
    return " (\(code)\(words)\(request))"
  }

  private var told: (words: String, hint: String?, status: ExitStatus) {
    switch meaning {
    case .wrongMFACode:
      ("AWS refused the MFA code", "a code works once: wait for the next one and try again", .refused)
    case .unknownMFADevice:
      ("AWS does not know the MFA device for this user", "check mfa_serial: aws iam list-mfa-devices", .refused)
    case .accessDenied:
      ("AWS denied access", deniedHint, .refused)
    case .expiredSession:
      ("the session has expired", "daypass clear, then run the command again", .refused)
    case .unknownKey:
      (
        "AWS does not accept the access key: it is unknown, inactive or deleted, or needs an MFA session here",
        "daypass list shows the keys; daypass add PROFILE --force stores a new one", .refused
      )
    case .signatureMismatch:
      ("the secret access key is wrong for this key id", "daypass add PROFILE --force stores the right one", .refused)
    case .clockSkew(let offset):
      (Explained.clock(isOffBy: offset), "set it: sudo timedatectl set-ntp true", .tryAgain)
    case .regionDisabled:
      (
        "STS is not active in this region for the account",
        "choose another with --region us-east-1, or activate it in the account's settings", .refused
      )
    case .throttled:
      ("AWS asks to slow down", "try again in a minute", .tryAgain)
    case .validation:
      ("AWS finds the request not valid", validationHint, .failure)
    case .iam(let refusal):
      (refusal.words, refusal.hint, refusal.status)
    case .unavailable:
      ("AWS is not available at the moment", "try again in a minute", .tryAgain)
    case .other:
      ("AWS refused", nil, .refused)
    }
  }

  private var deniedHint: String {
    if message.contains("sts:AssumeRole") {
      return "check that the role trusts this user, and whether its trust asks for MFA (mfa_serial) or an external_id"
    }
    return message.contains("no identity-based policy allows")
      ? "have a policy that allows it attached to this user or role"
      : "the policy may ask for MFA: set mfa_serial in the profile, and leave out --no-session"
  }

  private var validationHint: String {
    message.contains("DurationSeconds")
      ? "choose a shorter --duration or duration_seconds" : "check role_arn, mfa_serial and external_id"
  }
}

extension ServiceError? {
  /// Nothing where AWS has said nothing.
  var quotedBehind: String { self?.quotedBehind ?? "" }
}
