import Console

extension CommandError: Explainable {
  var explanation: Explanation {
    switch self {
    case .cannotAsk(let question, let flag):
      Explanation("\(question), and there is no terminal to ask on", hint: "add \(flag)", status: .usage)
    case .declined:
      Explanation("nothing was changed", status: .failure)
    case .keyExists(let profile):
      Explanation(
        "the keyring already has a key for profile '\(profile.displayText())'",
        hint: "daypass add \(profile.displayText()) --force replaces it", status: .failure)
    case .oneInputOnly:
      Explanation("--env, --stdin, --csv and --import exclude each other", hint: "daypass add --help", status: .usage)
    case .invalidDevice(let text):
      Explanation(
        "'\(text.displayText())' is no MFA device's ARN or serial number",
        hint: "like arn:aws:iam::123456789012:mfa/alice", status: .usage)
    case .invalidTime(let variable, let text):
      Explanation(
        "\(variable)='\(text.displayText())' is no time span", hint: "like 900, 15m or 12h", status: .usage)
    }
  }
}
