import AWSServices
import AWSValues
import Browser
import Keyring
import Processes
import Profiles
import Sessions
import TerminalIO

extension MFARefusal {
  /// Why a code is asked for again.
  var words: String {
    switch self {
    case .notSixDigits: "an MFA code is six digits"
    case .refused: "AWS refused that code: it is wrong, or was used before; wait for the next one"
    case .alreadyUsed: "that code was just sent, and a code works once: wait for the next one"
    case .clockWasOff(let offset):
      "\(Messages.clock(isOffBy: offset)); corrected: enter the next code"
    }
  }
}

extension Messages {
  /// What `clear --all` did.
  static func forgotten(_ count: Int) -> String {
    switch count {
    case 0: "no sessions to forget"
    case 1: "1 session forgotten"
    default: "\(count) sessions forgotten"
    }
  }

  /// What `clear` did; `sharer` is the profile of the session that stays.
  static func forgotten(_ count: Int, of profile: String, sharedWith sharer: String?) -> String {
    let stays = sharer.map { "; the session of '\($0.displayText())', which other profiles share, stays" } ?? ""
    return switch count {
    case 0: "no session of profile '\(profile.displayText())' was cached"
    case 1: "the session of profile '\(profile.displayText())' is forgotten\(stays)"
    default: "\(count) sessions of profile '\(profile.displayText())' are forgotten\(stays)"
    }
  }
}

extension SessionWarning {
  var words: String {
    switch self {
    case .notRenewed(let error):
      "the session ends soon, and there is no new one: \(Messages.error(error).problem)"
    case .notCached(let error):
      "the session could not be cached: \(Messages.error(error).problem)"
    case .tokenNotRefreshed(let source, let error):
      "\(source.message) could not be refreshed: \(Messages.error(error).problem)"
    case .tokenNotStored(let source, let error):
      "the sign-in to \(source.message) could not be stored, so the next command must sign in again: \(Messages.error(error).problem)"
    case .notToldOfSignOut(let error):
      "AWS could not be told of the sign-out: \(Messages.error(error).problem)"
    }
  }
}

extension SignInError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .needed(let source, .noTerminal):
      .refused(
        "\(Self.need(of: source)), but there is no terminal to ask on", hint: "in a terminal: daypass login PROFILE")
    case .needed(let source, .program): .refused(Self.need(of: source), hint: "in a terminal: daypass login PROFILE")
    case .refused(let source): .refused("the sign-in to \(source.message) was refused in the browser")
    case .timedOut(let source, let seconds):
      .refused("nobody signed in to \(source.message) within \(TimeSpan(seconds: seconds).text)", hint: "try again")
    case .refreshPaused(let source, let seconds):
      .tryAgain(
        "\(source.message) could not be refreshed a moment ago; the next try is in \(seconds) s",
        hint: "wait, or sign in again: daypass login PROFILE")
    case .noAssignment(let account, let role, let source):
      .refused(
        "\(source.message) gives you no role '\(role.displayText())' in account \(account)",
        hint: "see which there are: daypass sso roles --account \(account)")
    case .foreignPage(let page):
      .failure("AWS's answer leads to a page that is not AWS's: \(page.displayText())", hint: "check AWS_ENDPOINT_URL")
    case .foreignStartURL(let page):
      .badConfig("the start URL leads to \(page.displayText()), which is not AWS's", hint: "check sso_start_url")
    }
  }

  private static func need(of source: SourceName) -> String {
    guard source.kind == .login else { return "\(source.message) needs a sign-in" }
    return source.name.isEmpty ? "nobody is signed in" : "nobody is signed in as \(source.name.displayText())"
  }
}

extension SignInNotice {
  var message: String {
    switch self {
    case .deviceCode: "this instance does not allow a sign-in by browser and callback: using a device code"
    case .startURLLeads(let page): "sso_start_url leads to \(page.displayText())"
    case .startURLNotFollowed(let fault): "sso_start_url is used as it is: \(fault.message)"
    case .otherRegion(let region, let configured):
      "the instance is in \(region.displayText()), not in \(configured): set sso_region = \(region.displayText())"
    }
  }
}

extension StartURL.Fault {
  var message: String {
    switch self {
    case .unusable(let fault): "it is not a usable URL: \(fault.words)"
    case .unreachable(let error): Messages.error(error).problem
    case .noRedirect(let status): "its host answered with status \(status), and no redirect"
    case .notAWS(let page): "it leads to \(page.displayText()), which is not AWS's"
    }
  }
}

extension CallbackError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .notListening(let code):
      .failure("cannot listen on 127.0.0.1 for the browser: \(String.systemError(code))", hint: "try --device-code")
    case .timedOut: .refused("the browser did not come back in time", hint: "try again")
    case .refused(let refusal):
      .refused(
        "the sign-in was refused: \(refusal.code.displayText())"
          + (refusal.description.isEmpty ? "" : " (\(refusal.description.displayText()))"))
    }
  }
}

extension CredentialPlan.AssumeRole {
  /// That the session is shorter than the user asked for; nil if it is not.
  var capWarning: String? {
    guard let wish = cappedFrom else { return nil }
    return
      "role \(role.name): \(wish.words) is reduced to \(duration.words), AWS's limit for a role assumed from a session"
  }
}

// MARK: - Session error

extension SessionError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .noKey(let profile, let plainText):
      Self.noKey(of: profile, plainText: plainText)
    case .damagedKey(let profile, let reason):
      Self.damagedKey(of: profile, reason)
    case .noPrompt(let device, let profile, let obstacle):
      obstacle.message(device, profile.shellWord)
    case .mfaProcess(let origin, let error):
      .refused(
        "\(origin.words) \(error?.words ?? "printed no six digits")\(error?.lastComplaint ?? "")",
        hint: "run its command by hand: its first line is the code; --mfa-code 123456 does without it")
    case .prompt(let error): error.errorMessage
    case .securityKey(let device):
      .refused(
        "\(device.text) is a security key, which shows no codes: it cannot be used for API calls",
        hint: "enroll a virtual device, and name it in mfa_serial: daypass mfa enroll PROFILE")
    case .promptCancelled: .refused("no MFA code was entered")
    case .invalidCode: .usage("an MFA code is six digits", hint: "type what the device shows now")
    case .clockWasOff(let offset):
      .tryAgain(
        "\(Messages.clock(isOffBy: offset)), so AWS did not look at the MFA code",
        hint: "set it: sudo timedatectl set-ntp true; then use the next code")
    case .noValidCode(let device, let tries, let refusal): Self.rejectedCodes(device, tries, refusal)
    case .busy(let process, let seconds):
      .tryAgain(
        "waited \(TimeSpan(seconds: seconds).text) for \(Self.name(of: process)), which is getting the same credentials",
        hint: process.map { "answer the question it asks, or end it: kill \($0)" } ?? "try again")
    case .forgottenMeanwhile: .failure("another command cleared the session while it was being created")
    case .refusedElsewhere(let process):
      .refused(
        "process \(process), which daypass waited for, got no session",
        hint: "see what that process said, then try again")
    }
  }

  private static func rejectedCodes(_ device: MFADevice, _ tries: Int, _ refusal: ServiceError?) -> ErrorMessage {
    .refused(
      "\(tries == 1 ? "the code" : "\(tries) codes") for \(device.text) \(tries == 1 ? "was" : "were") rejected"
        + refusal.quotedBehind,
      hint: "wait for the next code; if every code fails, check mfa_serial and the clock of the device")
  }

  private static func name(of process: Int32?) -> String {
    process.map { "process \($0)" } ?? "another process"
  }

  private static func damagedKey(of profile: String, _ reason: PayloadError) -> ErrorMessage {
    if case .unknownVersion(let version) = reason {
      return .failure(
        "a newer version of daypass stored the key of profile '\(profile.displayText())' (format \(version))",
        hint: "use that version, or a newer one")
    }
    return .failure(
      "the key of profile '\(profile.displayText())' in the keyring is damaged (\(reason.words))",
      hint: "store it again: daypass add \(profile.shellWord) --force")
  }

  private static func noKey(of profile: String, plainText: SourceLocation?) -> ErrorMessage {
    guard let plainText else {
      return .noSuchProfile(
        "the keyring has no key for profile '\(profile.displayText())'", hint: "daypass add \(profile.shellWord)")
    }
    return .noSuchProfile(
      "the keyring has no key for profile '\(profile.displayText())'; \(plainText.words) still holds one in plain text",
      hint: "daypass import --from credentials \(profile.shellWord)")
  }
}

extension ChildError {
  /// What a program did; continues the name of the setting that names it.
  var words: String {
    switch self {
    case .notFound(let name): "names '\(name.displayText())', which is not in PATH"
    case .notStarted(let path, let code):
      "cannot be started: \(path.displayText()): \(String.systemError(code))"
    case .timedOut(let time): "did not end within \(time.components.seconds) s"
    case .tooMuchOutput(let limit): "printed more than \(limit) bytes"
    case .ended(.exited(let status), _): "ended with status \(status)"
    case .ended(.killed(let signal), _): "was ended by signal \(signal)"
    }
  }

  /// What it has said of that, in lines.
  var complaint: [String] {
    switch self {
    case .ended(_, let complaint): complaint
    case .notFound, .notStarted, .timedOut, .tooMuchOutput: []
    }
  }

  /// `: no card`
  var lastComplaint: String { complaint.last.map { ": \($0.displayText())" } ?? "" }
}

extension PromptObstacle {
  fileprivate func message(_ device: MFADevice, _ profile: String) -> ErrorMessage {
    let (obstacle, hint) =
      switch self {
      case .noTerminal:
        (
          "there is no terminal to ask on",
          "in a terminal: daypass login \(profile), then try again; or add --mfa-code 123456"
        )
      case .background:
        ("daypass is in the background", "start it again in the foreground; or run daypass login \(profile) first")
      case .noProgram:
        (
          "there is no terminal to ask on, and none of pinentry, zenity and kdialog can ask in a window",
          "install zenity; or in a terminal: daypass login \(profile), then try again"
        )
      case .forbidden:
        ("asking for it is turned off", "in a terminal: daypass login \(profile) --prompt tty, then try again")
      }
    return .refused("an MFA code for \(device.text) is needed, but \(obstacle)", hint: hint)
  }
}

extension PayloadError {
  fileprivate var words: String {
    switch self {
    case .truncated: "cut short"
    case .checksum: "its checksum is wrong"
    case .malformed: "its fields are malformed"
    case .unknownVersion(let version): "its format is version \(version)"
    }
  }
}

// MARK: - Sharing

extension Messages {
  /// What a process that waits for another waits for.
  static func waiting(for process: Int32?) -> String {
    guard let process else { return "another process, which is getting this session" }
    let place = Terminal.name(ofProcess: process).map { " on \($0); answer it there if it asks" } ?? ""
    return "process \(process), which is getting this session\(place)"
  }
}

extension KernelKeyError {
  /// Why sessions are not in the kernel.
  var words: String {
    switch self {
    case .refused(let errno): "the kernel keeps no sessions (\(String.systemError(errno))): using the keyring"
    }
  }
}

extension LockError: UserFacingError {
  var errorMessage: ErrorMessage { ErrorMessage(reason, hint: "try again", status: .tryAgain) }

  /// What it means that processes do not wait for each other.
  var words: String { "several daypass processes may ask at once: \(reason)" }

  var reason: String {
    switch self {
    case .noFolder: "neither XDG_RUNTIME_DIR nor HOME has a folder that is yours alone"
    case .foreign(let path): "\(path.displayText()) was not made by daypass, or belongs to another user: remove it"
    case .failed(let path, let errno): "\(path.displayText()): \(String.systemError(errno))"
    case .timedOut: "the lock was not released in time"
    }
  }
}
