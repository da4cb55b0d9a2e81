import ArgumentParser
import Delivery
import Glibc
import Profiles

struct Export: CredentialCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print credentials for a shell or a file.",
    usage: "daypass export [--format FORMAT] [OPTIONS] [PROFILE]",
    discussion: """
      In sh, bash and zsh:
        eval "$(daypass export prod)"
      In fish:
        daypass export prod | source
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var options: CredentialOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  @Option(help: "The output format (default: that of the calling shell, fish or sh).")
  var format: ExportFormat?

  func run(on host: Host) throws {
    let plan = try plan(on: host)
    let variables = try plan.variables(in: host.environment)
    let credentials = try access(plan, on: host).credentials(margin: .command)
    let format = format ?? .ofCaller
    try host.output.write(format.render(credentials, variables, inherited: host.start.environment))
    if self.format == nil, host.output.isTerminal { host.diagnostics.note(format.usageHint(for: plan.profile)) }
  }

  /// What is printed if `export` fails, so that the shell which evaluates it fails too.
  static func failureLine(for arguments: ArraySlice<String>) -> String? {
    guard arguments.first == name else { return nil }
    do {
      return (try parse(Array(arguments.dropFirst())).format ?? .sh).failure
    } catch {
      return ExportFormat.sh.failure
    }
  }
}

extension ExportFormat {
  /// Fish reads no other shell's statements.
  fileprivate static var ofCaller: ExportFormat { IntegratedShell.ofCaller == .fish ? .fish : .sh }

  /// For a person who sees credentials on the terminal and wanted them in the shell.
  fileprivate func usageHint(for profile: String) -> String {
    let command = "daypass export \(profile.shellWord)"
    return "hint: to use them in this shell: \(self == .fish ? "\(command) | source" : "eval \"$(\(command))\"")"
  }
}

extension ExportFormat: ExpressibleByArgument {}

// MARK: - Credential process

struct CredentialProcess: CredentialCommand {
  static let configuration = CommandConfiguration(
    commandName: "credential-process",
    abstract: "Print credentials in the JSON that AWS SDKs read.",
    usage: "daypass credential-process [OPTIONS] [PROFILE]",
    discussion: """
      In a profile of ~/.aws/config that programs use:
        credential_process = daypass credential-process prod
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var options: CredentialOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws { try Self.run(plan(on: host), request, on: host) }

  static func run(_ plan: CredentialPlan, _ request: CredentialRequest, on host: Host) throws {
    let session = try ProfileSession(plan, request, signIn: .never, on: host)
    try host.output.write(CredentialProcessDocument.render(session.credentials(margin: .credentialProcess)))
  }
}
