import ArgumentParser
import Delivery
import FoundationEssentials
import Profiles
import Secrets

struct Exec: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    _superCommandName: DaypassCommand.name,
    abstract: "Run a command with credentials in its environment; without a command, a shell.",
    discussion: """
      For example:
        daypass exec prod -- aws s3 ls
      daypass is replaced by the command, so that signals, job control and exit status are the command's own.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var session: SessionOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after '--'.")
  var command: [String] = []

  func run(on host: Host) throws {
    let plan = try host.plan(for: profile, session)
    let replacement = host.replacement(by: command, for: plan)
    try replacement.check()
    let credentials = try host.access(by: plan, session).credentials(margin: .command)
    if command.isEmpty { host.announceShell(of: plan, with: credentials) }
    host.closeKeyring()
    try replacement.deliver(credentials)
  }
}

// MARK: - Delivery

extension Host {
  /// What takes our place: the command, or the user's shell where there is none.
  func replacement(by command: [String], for plan: CredentialPlan) -> ProcessReplacement {
    let words = command.isEmpty ? [Array(shell.utf8)] : start.lastArguments(command.count)
    let child = ChildEnvironment(
      inherited: start.environment, profile: plan.profile, region: plan.connection.region)
    return ProcessReplacement(command: words, environment: child, restoring: start.state)
  }

  /// Says what a new shell holds, and until when.
  func announceShell(of plan: CredentialPlan, with credentials: borrowing Credentials) {
    let until = credentials.expiration.map { ", until \($0.localClockTime(at: now()))" } ?? ", which do not expire"
    diagnostics.note("\(shell) with credentials of profile '\(plan.profile)'\(until); 'exit' ends it")
  }

  /// `, 11 h 59 min left`, or that it is the long-term key.
  func timeLeft(of credentials: borrowing Credentials) -> String {
    credentials.timeLeft(at: now()).map { ", \(TimeSpan(seconds: Int($0)).left)" } ?? ", with the long-term key"
  }

  /// Prints facts as the user wants them.
  func write(_ report: some Report, as options: OutputOptions) throws {
    try output.write(options.json ? report.json() : report.text)
  }

  private var shell: String {
    environment["SHELL"].flatMap { $0.isEmpty ? nil : $0 } ?? "/bin/sh"
  }
}
