import AWSValues

/// What the user is told when a command fails: what is wrong, what to type next, and the exit status.
struct Explanation: Equatable {
  /// Without capital and full stop; continues `daypass: `.
  var problem: String
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

  /// The same with the name of `profile` where the hint leaves it open.
  func naming(_ profile: String) -> Explanation {
    Explanation(problem, hint: hint?.replacing(Self.openProfile, with: " " + profile.displayText()), status: status)
  }

  private static let openProfile = " PROFILE"
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
