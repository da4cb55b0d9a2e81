import AWSValues
import ArgumentParser
import Delivery
import Hashing
import POSIX
import Profiles
import QRCodes
import TerminalIO

/// What the user reads when a command fails: what is wrong, what to type next, and the exit status.
struct ErrorMessage: Equatable {
  /// Without capital and full stop; continues `daypass: `.
  var problem: String
  /// What another program has said of it, in lines with control characters made visible.
  var quoted: [String] = []
  /// Continues `daypass: hint: `.
  var hint: String?
  var status: ExitStatus

  init(_ problem: String, hint: String? = nil, status: ExitStatus) {
    self.problem = problem
    self.hint = hint
    self.status = status
  }

  /// Whether the hint speaks of a profile without its name: `daypass add PROFILE`.
  var leavesProfileOpen: Bool { hint?.contains(Self.openProfile) ?? false }

  /// The same with the name of `profile` if the hint leaves it open.
  func naming(_ profile: String) -> ErrorMessage { completing(with: profile.shellWord) }

  /// The same for a sign-in without a profile.
  func naming(ssoSession name: String) -> ErrorMessage { completing(with: "--sso-session " + name.shellWord) }

  /// The same with `options` in a hint to log in, since without them it would get another session.
  func loggingIn(with options: [String]) -> ErrorMessage {
    let command = "daypass login "
    var message = self
    message.hint = hint?.replacing(command, with: command + options.map { $0.shellWord + " " }.joined())
    return message
  }

  private func completing(with words: String) -> ErrorMessage {
    var message = self
    message.hint = hint?.replacing(Self.openProfile, with: " " + words)
    return message
  }

  /// Under sudo, files and keyring are root's: what is missing there is most likely the user's own.
  func noticingSudo(in environment: [String: String]) -> ErrorMessage {
    let user = environment["SUDO_USER"] ?? ""
    guard [.noSuchProfile, .noKeyring].contains(status), !user.isEmpty, user != "root" else { return self }
    let hint = "sudo looks in root's home; as \(user.displayText()): daypass exec PROFILE -- sudo -E COMMAND"
    return ErrorMessage(problem, hint: hint, status: status)
  }

  /// The same with the origin of a profile's name after it; a refusal that names no profile is about this one.
  func saying(_ origin: String, of profile: String) -> ErrorMessage {
    let words = "profile '\(profile.displayText())'"
    var message = self
    if status == .refused, !problem.contains(words) { message.problem += ", for \(words)" }
    message.problem = message.problem.replacing(words, with: "\(words) (\(origin))", maxReplacements: 1)
    return message
  }

  private static let openProfile = " PROFILE"
}

/// A message by its exit status: `.usage("…", hint: "…")`.
extension ErrorMessage {
  static func failure(_ problem: String, hint: String? = nil) -> Self { Self(problem, hint: hint, status: .failure) }
  static func usage(_ problem: String, hint: String? = nil) -> Self { Self(problem, hint: hint, status: .usage) }
  static func badConfig(_ problem: String, hint: String? = nil) -> Self {
    Self(problem, hint: hint, status: .badConfig)
  }
  static func noSuchProfile(_ problem: String, hint: String? = nil) -> Self {
    Self(problem, hint: hint, status: .noSuchProfile)
  }
  static func tryAgain(_ problem: String, hint: String? = nil) -> Self { Self(problem, hint: hint, status: .tryAgain) }
  static func refused(_ problem: String, hint: String? = nil) -> Self { Self(problem, hint: hint, status: .refused) }
  static func keyringLocked(_ problem: String, hint: String? = nil) -> Self {
    Self(problem, hint: hint, status: .keyringLocked)
  }
}

/// The exit statuses of daypass, after sysexits.h; the man page lists them.
enum ExitStatus: Int32, CaseIterable {
  case success = 0
  case failure = 1
  case usage = 64
  /// A config file with a mistake in it.
  case badConfig = 65
  /// No such profile, or no key for it.
  case noSuchProfile = 66
  /// No session bus or no keyring on it.
  case noKeyring = 69
  /// Network, throttling, time-outs: try again.
  case tryAgain = 75
  /// A scenario showed that MFA is not enforced as it should be.
  case disproved = 76
  /// AWS refused: access denied, a wrong or expired MFA code, an unknown key.
  case refused = 77
  /// The keyring is locked and nobody can be asked.
  case keyringLocked = 78
  case notExecutable = 126
  case notFound = 127
}

// MARK: - Messages

/// An error whose sentence, hint and exit status are known. The sentences are in this folder, one file for each area.
protocol UserFacingError: Error {
  var errorMessage: ErrorMessage { get }
}

enum Messages {
  static let namingAProfile = "name a profile; daypass list shows them"

  /// How to get an Identity Center session of this name.
  static func writing(ssoSession name: String) -> String {
    name.isSectionName
      ? "write it: daypass sso add \(name.shellWord)"
      : "rename the session: a name has letters, digits and -_/.%@:+ only"
  }

  /// The message of any error that reached the top.
  static func error(_ error: any Error) -> ErrorMessage {
    if let error = error as? any UserFacingError { return error.errorMessage }
    return .failure("unexpected: \(String(reflecting: error).displayText())")
  }

  static func installing(_ package: String) -> String {
    "sudo apt install \(package); if it is installed, check whether a limit is too low: ulimit -a"
  }

  /// How far this machine's clock is from AWS's, which is `offset` seconds ahead.
  static func clock(isOffBy offset: Int?) -> String {
    guard let offset else { return "this machine's clock is off" }
    let seconds = abs(offset)
    let minutes = (seconds + 30) / 60
    let amount = seconds < 120 ? "\(seconds) s" : minutes < 120 ? "\(minutes) min" : "\((minutes + 30) / 60) h"
    return "this machine's clock is off by \(amount): it is \(offset > 0 ? "behind" : "ahead")"
  }
}

extension String {
  /// As one word for a POSIX shell, with control characters made visible: names come from files and command lines, and
  /// hints are pasted.
  var shellWord: String {
    let text = displayText()
    let isPlain = text.utf8.allSatisfy { $0.isWordCharacter || "-/.%@:+=,".utf8.contains($0) }
    return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

// MARK: - Command error

extension CommandError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .cannotAsk(let question, let flag):
      .usage("cannot ask \(question): no terminal", hint: "repeat the command with \(flag)")
    case .declined: .failure("nothing was changed")
    case .nothingToClear(let profile):
      .noSuchProfile(
        "there is no profile '\(profile.displayText())'", hint: "to forget the sessions of all: daypass clear --all")
    case .nothingToRemove(let profile):
      .noSuchProfile(
        "the keyring has no key for profile '\(profile.displayText())'", hint: "daypass list shows the keys")
    case .noMatch(let pattern, let nearest):
      .noSuchProfile(
        "no profile has '\(pattern.displayText())' in its name",
        hint: nearest.question ?? "daypass list shows all profiles")
    case .noSSOSession(let names): Self.unclearSession(names)
    case .unknownSSOSession(let name, let nearest): Self.unknownSession(name, nearest)
    case .noCommand: .usage("no command was given", hint: "daypass --help lists the commands")
    case .keyAppeared(let profile):
      .tryAgain(
        "another daypass has just stored a key for profile '\(profile.displayText())', which is kept",
        hint: "replace it: daypass add \(profile.shellWord) --force")
    case .notRotated(let profiles): Self.unrotated(profiles)
    case .noValue(let option): .usage("\(option.displayText())= has no value", hint: "leave it out, or give it a value")
    case .keyAsArgument(let profile):
      .usage(
        "a key is never an argument, and this one is in your shell's history now",
        hint: "daypass add \(profile?.shellWord ?? "NAME") asks for it")
    case .faultsFound(let count): .failure("\(count) \(count == 1 ? "thing is" : "things are") wrong")
    case .unreadablePolicy(let path, let failure): Self.unreadable(policy: path, failure)
    case .notServable(let profile): Self.notServable(profile)
    case .invalidTime(let variable, let text):
      .badConfig("\(variable)='\(text.displayText())' is not a duration", hint: "like 900, 15m or 12h")
    case .invalidChoice(let variable, let text, let choices):
      .badConfig("\(variable)='\(text.displayText())' is unknown", hint: "one of \(choices.joined(separator: ", "))")
    }
  }

  private static func notServable(_ profile: String) -> ErrorMessage {
    .usage(
      "the credentials of profile '\(profile.displayText())' do not expire, and are not served",
      hint: "leave out --no-session, or use a profile with a role")
  }

  private static func unclearSession(_ names: [String]) -> ErrorMessage {
    guard !names.isEmpty else {
      return .badConfig("the config has no section [sso-session NAME]", hint: "write one: daypass sso add NAME")
    }
    return .usage(
      "there are several Identity Center sessions", hint: "name one: \(names.joined(separator: ", ").displayText())")
  }

  private static func unknownSession(_ name: String, _ nearest: [String]) -> ErrorMessage {
    .noSuchProfile(
      "there is no [sso-session \(name.displayText())] in the config",
      hint: nearest.question ?? Messages.writing(ssoSession: name))
  }

  private static func unreadable(policy path: String, _ failure: FileFailure) -> ErrorMessage {
    let reason =
      switch failure {
      case .call(let code): String.systemError(code)
      case .silent: "nothing came through the pipe in time"
      case .notRegular, .foreign, .modifiedConcurrently, .busy: "it is neither a regular file nor a pipe"
      }
    return .usage(
      "cannot read the policy \(path.displayText()): \(reason)", hint: "check the path, or give - for standard input")
  }

  private static func unrotated(_ profiles: [String]) -> ErrorMessage {
    .failure(
      "\(profiles.count == 1 ? "1 key was" : "\(profiles.count) keys were") not rotated: "
        + profiles.joined(separator: ", ").displayText())
  }
}

// MARK: - Hardening error

extension HardeningError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .elevated:
      .failure(
        "daypass does not run with privileges of its own (setuid, setgid, capabilities)",
        hint: "chmod u-s,g-s the binary")
    case .traceable(let code):
      .failure("cannot protect this process's memory from other processes: \(String.systemError(code))")
    case .noNullDevice(let code): .failure("cannot open /dev/null: \(String.systemError(code))")
    }
  }
}

extension HashingError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .libraryMissing(let library): library.errorMessage
    case .algorithmUnavailable(let algorithm):
      .failure(
        "OpenSSL does not offer \(algorithm)",
        hint: "see what its configuration allows: openssl list -digest-algorithms")
    }
  }
}

extension LibraryMissing: UserFacingError {
  var errorMessage: ErrorMessage {
    .failure("cannot open the library \(file)", hint: Messages.installing(package))
  }
}

// MARK: - QR code error

extension QRCodeError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .libraryMissing(let library): library.errorMessage
    case .failed(let code): .failure("cannot make the QR code: \(String.systemError(code))")
    }
  }
}

// MARK: - Terminal error

extension TerminalError: UserFacingError {
  var errorMessage: ErrorMessage {
    switch self {
    case .endOfInput: .refused("nothing was entered")
    case .timedOut: .tryAgain("nothing was entered in time")
    case .lineTooLong(let limit): .usage("the input is longer than \(limit) bytes")
    case .interrupted: .failure("interrupted")
    case .failed(let code): .failure("the terminal failed: \(String.systemError(code))")
    }
  }
}

extension [String] {
  /// The same, and how to list them all if more profiles may have `name` in their names.
  func question(all name: String) -> String? {
    let more = count == 3 && allSatisfy(NearestNames(to: name).areParts) ? "; all: daypass list \(name.shellWord)" : ""
    return question.map { $0 + more }
  }

  /// `did you mean 'a' or 'b'?`; nil if there is nothing to suggest.
  var question: String? {
    guard !isEmpty else { return nil }
    return "did you mean \(map { "'\($0.displayText())'" }.joined(separator: " or "))?"
  }
}
