import AWSServices
import AWSValues
import FoundationEssentials
import Profiles
import Sessions

extension Messages {
  /// As whom the user has signed in, and until when.
  static func signedIn(_ arn: String, until expiration: Date?, now: Date) -> String {
    let until = expiration.map { "until \($0.localClockTime(at: now))" } ?? "with a key that does not expire"
    return "signed in as \(arn.displayText()), \(until)"
  }

  static func creation(of profile: String, near names: [String]) -> String {
    "there is no profile '\(profile.displayText())' (\(names.question ?? "it is new")); sign in and create it?"
  }

  /// Until when credentials that end soon are renewed without another sign-in.
  static func renewed(until end: Date, now: Date) -> String {
    "; renewed without you until \(end.localClockTime(at: now)) at most"
  }

  /// That the user has signed in, and until when that lasts without a refresh or another sign-in.
  static func signedIn(to source: SourceName, until expiration: Date, now: Date) -> String {
    "signed in to \(source.message), until \(expiration.localClockTime(at: now)) at least"
  }

  /// What `logout` did.
  static func signedOut(of source: SourceName, _ signOut: SignOut, sessions: Int) -> String {
    let forgotten = sessions == 1 ? "1 session forgotten" : "\(sessions) sessions forgotten"
    return switch signOut {
    case .signedOut: "signed out of \(source.message); \(forgotten)"
    case .wasNotSignedIn: "you were not signed in to \(source.message); \(forgotten)"
    case .notNeeded: "\(source.message) needs no sign-in; \(forgotten)"
    }
  }

  static func signedOutOfEverything(signIns: Int, sessions: Int) -> String {
    "\(signIns == 1 ? "1 sign-in" : "\(signIns) sign-ins") and "
      + "\(sessions == 1 ? "1 session" : "\(sessions) sessions") forgotten"
  }

  static func noRole(inAccount id: String) -> String {
    "you have no role in account \(id); your accounts: daypass sso accounts"
  }

  /// When credentials expire, and how to have them renewed.
  static func endsSoon(at expiration: Date, now: Date) -> String {
    "these credentials expire at \(expiration.localClockTime(at: now)); exec --server renews them"
  }
}

extension LoginError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .otherIdentity(let expected, let found):
      .refused(
        "the browser is signed in as \(found.text), but the profile belongs to \(expected.text)",
        hint: "sign out there and try again; or take the other one: daypass login PROFILE --switch")
    case .otherAccount(let expected, let found):
      .refused(
        "the browser is signed in as \(found.text), which is not in account \(expected)",
        hint: "sign out there and try again")
    case .unreadableText:
      .refused("that is not the text with which a sign-in ends", hint: "copy all of it from the page, and try again")
    case .textOfOtherSignIn:
      .refused("that text belongs to another sign-in", hint: "open the page that daypass shows now")
    }
  }
}

extension LoginRefusal {
  /// What it means, and what to do.
  var errorMessage: ErrorMessage {
    switch self {
    case .tokenExpired: .refused("the sign-in is over", hint: "daypass login PROFILE")
    case .codeExpired: .refused("the sign-in in the browser took too long", hint: "try again")
    case .credentialsChanged:
      .refused("the sign-in is over: the password or the user has changed", hint: "daypass login PROFILE")
    case .notPermitted:
      .refused("this identity may not sign in programs", hint: "it needs the policy SignInLocalDevelopmentAccess")
    case .invalidRequest:
      .refused(
        "AWS does not accept the sign-in",
        hint: "sign in again: daypass login PROFILE; if that fails, try another --region")
    }
  }
}
