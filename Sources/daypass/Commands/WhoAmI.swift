import AWSValues
import ArgumentParser

struct WhoAmI: CredentialCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami",
    abstract: "Show the AWS identity of a profile.",
    usage: "daypass whoami [--json] [OPTIONS] [PROFILE]",
    discussion: """
      For example:
        daypass whoami prod
      """)

  @OptionGroup var profile: ProfileArgument
  @OptionGroup var options: CredentialOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run(on host: Host) throws {
    let access = try access(plan(on: host), on: host)
    let identity = try access.withCredentials(margin: .command) { credentials in
      try access.sts.callerIdentity(signedBy: credentials)
    }
    let report = IdentityReport(account: identity.account, arn: identity.arn, userID: identity.userID)
    try output.write(report, on: host)
  }
}

// MARK: - Identity report

/// What `whoami` prints.
struct IdentityReport: Report {
  let account: String
  let arn: String
  let userID: String

  var text: String { "\(arn.displayText())\n" }
}
