import AWSValues
import FoundationEssentials
import Profiles

extension HeldCredentials {
  /// What is stale, or leads programs to other credentials.
  func problems(at now: Date) -> [String] {
    var problems: [String] = []
    if let seconds = secondsLeft(at: now), seconds < 0 {
      problems.append("they have expired: daypass use \(profile?.shellWord ?? "PROFILE")")
    }
    if hasUnreadableExpiration { problems.append("AWS_CREDENTIAL_EXPIRATION is not a time: unset it") }
    problems += misleading.map { "\($0) is set too, and some programs look there first: unset \($0)" }
    return problems
  }
}

extension StatusReport {
  var text: String {
    let parts = [shellText, signInText, sessionText, problem.map { "\($0.displayText())\n" } ?? ""]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var shellText: String {
    guard let shell else { return "this shell holds no credentials\n" }
    let facts = [
      ("role", shell.role), ("from", shell.origin), ("region", shell.region), ("scope", shell.scope),
    ]
    let lines = facts.compactMap { name, value in
      value.map { "  \(name.padded(to: 8))\($0.displayText())\n" }
    }
    let end = shell.expiration.flatMap { Date(iso8601: $0)?.localClockTime(at: now) }.map { ", until \($0)" } ?? ""
    let left = shell.secondsLeft.map { " (\(TimeSpan(seconds: $0).left))" } ?? ""
    return "this shell holds credentials of \(shell.owner)\(end)\(left)\n" + lines.joined()
      + shell.problems.map { "  \($0.displayText())\n" }.joined()
  }

  private var signInText: String {
    guard !signIns.isEmpty else { return "" }
    return Table(
      header: ["SIGN-IN", "AT", "UNTIL"],
      rows: signIns.map {
        [$0.sourceName, $0.source == SourceName.Kind.login.rawValue ? "aws login" : "sso", end(of: $0)]
      }
    ).text
  }

  private func end(of signIn: SignIn) -> String {
    guard let end = signIn.expiration.flatMap({ Date(iso8601: $0) }) else { return "not signed in" }
    let time = end.localClockTime(at: now)
    if signIn.refreshable { return end < now ? "renewed when it is used" : "\(time), then renewed without you" }
    return end < now ? "expired" : time
  }

  private var sessionText: String {
    guard !sessions.isEmpty else { return "" }
    return Table(
      header: ["SESSION OF", "ROLE", "TIME"],
      rows: sessions.map { [$0.of, $0.role ?? "-", TimeSpan(seconds: $0.secondsLeft).left(of: $0.scope)] }
    ).text
  }
}

extension StatusReport.Shell {
  fileprivate var owner: String {
    guard let profile else { return "another program (\(accessKeyId?.displayText() ?? "its server"))" }
    return "profile '\(profile.displayText())'"
  }

  /// `the key of profile 'alice', with MFA`.
  fileprivate var origin: String? {
    guard let kind = source.flatMap(SourceName.Kind.init), let sourceName else { return nil }
    return SourceName(kind, sourceName).message + (mfaSerial == nil ? "" : ", with MFA")
  }
}

extension ProfileReport.Session {
  /// `alice`, or `sso corp` for a source that is no key.
  fileprivate var of: String { keyProfile ?? "\(source) \(sourceName)" }
}
