import ArgumentParser
import Delivery
import FoundationEssentials
import Profiles
import Secrets

struct Exec: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run a command or a shell with credentials.",
    usage: "daypass exec [OPTIONS] [PROFILE] [-- COMMAND [ARGUMENT …]]",
    discussion: """
      For example:
        daypass exec prod -- aws s3 ls
      The command replaces daypass, so signals, job control and exit status are its own. Without a command, the user's \
      shell runs.
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var session: SessionOptions
  @OptionGroup var freshness: FreshnessOptions
  @OptionGroup var scope: ScopeOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after '--'.")
  var command: [String] = []

  func run(on host: Host) throws {
    let plan = try session.plan(for: profile, scope.request(), on: host)
    let replacement = try replacement(for: plan, on: host)
    try replacement.check()
    let credentials = try ProfileSession(plan, session, freshness, on: host).credentials(margin: .command)
    if command.isEmpty { announceShell(of: plan, with: credentials, on: host) }
    if plan.endsSoon, let end = credentials.expiration {
      host.diagnostics.note(ErrorMessages.endsSoon(at: end, now: host.now()))
    }
    try replacement.deliver(credentials)
  }

  /// What takes our place: the command, or the user's shell if there is none.
  private func replacement(for plan: CredentialPlan, on host: Host) throws -> ProcessReplacement {
    let words = command.isEmpty ? [Array(shell(on: host).utf8)] : host.start.lastArguments(command.count)
    let child = ChildEnvironment(inherited: host.start.environment, variables: try plan.variables(in: host.environment))
    return ProcessReplacement(command: words, environment: child, restoring: host.start.state)
  }

  private func announceShell(of plan: CredentialPlan, with credentials: borrowing Credentials, on host: Host) {
    let until = credentials.expiration.map { ", until \($0.localClockTime(at: host.now()))" } ?? ", which do not expire"
    host.diagnostics.note(
      "starting \(shell(on: host)) with credentials of profile '\(plan.profile)'\(until); leave it with 'exit'")
  }

  private func shell(on host: Host) -> String {
    host.environment["SHELL"].flatMap { $0.isEmpty ? nil : $0 } ?? "/bin/sh"
  }
}

// MARK: - Variables

extension CredentialPlan {
  /// What SDKs and prompts are told beside the credentials.
  func variables(in environment: [String: String]) throws(CommandError) -> CredentialVariables {
    CredentialVariables(
      profile: profile, region: deliveredRegion, scope: scope.name, promptVariable: try environment.promptVariable())
  }

  /// The region, and whether it is the user's for every profile.
  private var deliveredRegion: CredentialVariables.Region? {
    guard let region = connection.region else { return nil }
    return switch regionOrigin {
    case .option, .variable: .ofUser(region)
    case .property, .section, .sectionProperty, nil: .ofProfile(region)
    }
  }
}

extension [String: String] {
  /// Where prompts look for the profile; nil for `none`.
  fileprivate func promptVariable() throws(CommandError) -> String? {
    let variable = "DAYPASS_PROMPT_VARIABLE"
    let name = self[variable] ?? ""
    if name.isEmpty { return CredentialVariables.usualPromptVariable }
    if name == "none" { return nil }
    guard CredentialVariables.canName(promptVariable: name) else {
      throw .invalidChoice(variable: variable, name, choices: ["none", "the name of a variable"])
    }
    return name
  }
}
