import AWSValues

extension CommandError: Explainable {
  var explanation: Explanation {
    switch self {
    case .cannotAsk(let question, let flag):
      Explanation("there is no terminal to ask on: \(question)", hint: "add \(flag)", status: .usage)
    case .declined:
      Explanation("nothing was changed", status: .failure)
    case .nothingToRemove(let profile):
      Explanation(
        "the keyring has no key for profile '\(profile.displayText())'", hint: "daypass list shows the keys",
        status: .noSuchProfile)
    case .keyAppeared(let profile):
      Explanation(
        "profile '\(profile.displayText())' was given a key by another daypass meanwhile, which is kept",
        hint: "replace it: daypass add \(profile.displayText()) --force", status: .tryAgain)
    case .notRotated(let profiles):
      Explanation(
        "\(profiles.count == 1 ? "1 key is" : "\(profiles.count) keys are") not rotated: "
          + profiles.joined(separator: ", ").displayText(), status: .failure)
    case .oneInputOnly:
      Explanation("--env, --stdin, --csv and --import exclude each other", hint: "daypass add --help", status: .usage)
    case .invalidTime(let variable, let text):
      Explanation(
        "\(variable)='\(text.displayText())' is no time span", hint: "like 900, 15m or 12h", status: .badConfig)
    case .invalidChoice(let variable, let text, let choices):
      Explanation(
        "\(variable)='\(text.displayText())' is unknown", hint: "one of \(choices.joined(separator: ", "))",
        status: .badConfig)
    }
  }
}
