import AWSValues
import Delivery
import FoundationEssentials

extension Messages {
  /// What `use` put into the shell.
  static func holds(_ profile: String, _ expiration: Date?, _ now: Date) -> String {
    let until = expiration.map { "until \($0.localClockTime(at: now))" } ?? "with a key that does not expire"
    return "this shell uses '\(profile.displayText())', \(until); 'daypass off' ends that"
  }

  /// Why `off` does nothing.
  static func nothingToTakeOut(of held: HeldCredentials?) -> String {
    guard held != nil else { return "this shell holds no credentials" }
    return "the credentials in this shell are not from 'use'; if it was started with them, leave it with 'exit'"
  }
}

extension ShellError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .notIntegrated(let command, let shell):
      .usage(
        "'\(command)' changes the shell that it is typed into, which needs daypass's code for that",
        hint: "type this, and put it into \((shell ?? .bash).file): \((shell ?? .bash).line)")
    case .noProfileBefore:
      .usage("there is no profile before this one", hint: "daypass use NAME; daypass list shows the names")
    case .noProfileNamed:
      .usage(
        "no profile was named, and there is no terminal to choose one at",
        hint: "daypass use NAME; daypass list shows the names")
    case .noProfiles: .noSuchProfile("there are no profiles yet", hint: "daypass add NAME")
    case .nothingChosen: .refused("no profile was chosen")
    case .stillRenewing(let profile): .tryAgain("\(profile.displayText()) is still being renewed")
    case .notRenewed(let profile, let seconds):
      .refused("\(profile.displayText()) \(Self.end(in: seconds)): daypass use \(profile.shellWord)")
    }
  }

  /// `expires in 4 min`.
  private static func end(in seconds: Int?) -> String {
    guard let seconds else { return "cannot be renewed" }
    return seconds > 0 ? "expires in \(TimeSpan(seconds: seconds).text)" : "has expired"
  }
}
