import ArgumentParser
import Delivery

struct Export: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print credentials for a shell or a file.",
    usage: "daypass export [--format FORMAT] [OPTIONS] [PROFILE]",
    discussion: """
      In sh, bash and zsh:
        eval "$(daypass export prod)"
      In fish:
        daypass export --format fish prod | source
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var session: SessionOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  @Option(help: "The output format.")
  var format = ExportFormat.sh

  func run(on host: Host) throws {
    let plan = try session.plan(for: profile, on: host)
    let credentials = try ProfileSession(plan, session, on: host).credentials(margin: .command)
    try host.output.write(format.render(credentials, of: plan.profile, in: plan.connection.region))
  }
}

extension ExportFormat: ExpressibleByArgument {}

// MARK: - Credential process

struct CredentialProcess: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "credential-process",
    abstract: "Print credentials in the JSON that AWS SDKs read.",
    usage: "daypass credential-process [OPTIONS] [PROFILE]",
    discussion: """
      For a profile in ~/.aws/config that programs name:
        credential_process = daypass credential-process prod
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var session: SessionOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let plan = try session.plan(for: profile, on: host)
    let credentials = try ProfileSession(plan, session, on: host).credentials(margin: .credentialProcess)
    try host.output.write(CredentialProcessDocument.render(credentials))
  }
}
