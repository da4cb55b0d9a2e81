import ArgumentParser
import Delivery

struct CredentialProcess: ProfileCommand {
  static let configuration = CommandConfiguration(
    commandName: "credential-process",
    _superCommandName: DaypassCommand.name,
    abstract: "Print credentials as AWS SDKs ask for them.",
    discussion: """
      For a profile in ~/.aws/config that programs name:
        credential_process = daypass credential-process prod
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var session: SessionOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let plan = try host.plan(for: profile, session)
    let credentials = try host.access(by: plan, session).credentials(margin: .credentialProcess)
    try host.output.write(CredentialProcessDocument.render(credentials))
  }
}
