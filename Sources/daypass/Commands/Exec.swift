import ArgumentParser
import Delivery
import FoundationEssentials
import Profiles
import Secrets

struct Exec: CredentialCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run a command or a shell with credentials.",
    usage: "daypass exec [--server] [OPTIONS] [PROFILE] [-- COMMAND [ARGUMENT …]]",
    discussion: """
      For example:
        daypass exec prod -- aws s3 ls
      The command replaces daypass, so signals, job control and exit status are its own. Without a command, your shell \
      runs. With --server, the credentials of a command that runs for hours are renewed.
      """)

  @Flag(help: "Serve credentials on 127.0.0.1, and renew them.")
  var server = false

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var options: CredentialOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after '--'.")
  var command: [String] = []

  func validate() throws {
    if server { try scope.checkForServer() }
  }

  func run(on host: Host) throws {
    guard !server else { return try serve(on: host) }
    try CommandWithCredentials(command: command).run(plan(on: host), request, on: host)
  }

  /// Becomes a server, the child of which is the command.
  private func serve(on host: Host) throws {
    let program = try ServerProgram()
    let (renewable, plan) = try planForServer(on: host)
    let replacing = CommandWithCredentials(command: command)
    try replacing.replacement(for: plan, on: host).check()
    try host.warnOfSourceBeforeServers()
    let served = try renewable.served(plan, by: program, on: host)
    if command.isEmpty { replacing.announceShell(of: plan, ", renewed while it runs", on: host) }
    try program.become(
      handing: ServerRequest(.command, [served], logging: diagnostics.logging), for: replacing.words(on: host),
      from: host.start)
  }
}

/// What takes our place with credentials: a command, or the user's shell if there is none.
struct CommandWithCredentials {
  let command: [String]

  func run(_ plan: CredentialPlan, _ request: CredentialRequest, on host: Host) throws {
    let replacement = try replacement(for: plan, on: host)
    try replacement.check()
    let credentials = try ProfileSession(plan, request, on: host).credentials(margin: .command)
    if command.isEmpty {
      let end = credentials.expiration.map { ", until \($0.localClockTime(at: host.now()))" }
      announceShell(of: plan, end ?? ", which do not expire", on: host)
    }
    if plan.endsSoon, let end = credentials.expiration {
      host.diagnostics.note(Messages.endsSoon(at: end, now: host.now()))
    }
    try replacement.deliver(credentials)
  }

  fileprivate func replacement(for plan: CredentialPlan, on host: Host) throws -> ProcessReplacement {
    let variables = try plan.variables(in: host.environment)
    return ProcessReplacement(command: words(on: host), variables: variables, from: host.start)
  }

  fileprivate func words(on host: Host) -> [[UInt8]] {
    // As they were typed, byte for byte: parsing has replaced what is not UTF-8.
    command.isEmpty ? [Array(shell(on: host).utf8)] : host.start.arguments.suffix(command.count)
  }

  /// - Parameter end: when its credentials end.
  fileprivate func announceShell(of plan: CredentialPlan, _ end: String, on host: Host) {
    host.diagnostics.note(
      "starting \(shell(on: host)) with credentials of profile '\(plan.profile)'\(end); leave it with 'exit'")
  }

  private func shell(on host: Host) -> String { host.environment.value(of: "SHELL") ?? "/bin/sh" }
}

// MARK: - Variables

extension CredentialPlan {
  /// What SDKs and prompts get besides the credentials.
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
  /// The variable in which prompts look for the profile; nil for `none`.
  fileprivate func promptVariable() throws(CommandError) -> String? {
    let variable = "DAYPASS_PROMPT_VARIABLE"
    guard let name = value(of: variable) else { return CredentialVariables.defaultPromptVariable }
    if name == "none" { return nil }
    guard CredentialVariables.canName(promptVariable: name) else {
      throw .invalidChoice(variable: variable, name, choices: ["none", "the name of a variable"])
    }
    return name
  }
}
