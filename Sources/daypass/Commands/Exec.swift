import ArgumentParser

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
