import AWSValues
import ArgumentParser
import Console
import Profiles
import Secrets

extension SSOCommands {
  /// Writes the section that everything about Identity Center starts from.
  struct Add: HostCommand {
    static let configuration = CommandConfiguration(
      commandName: "add",
      abstract: "Write where your organization signs in.",
      usage: "daypass sso add [--start-url URL] [--sso-region REGION] NAME",
      discussion: """
        For example:
          daypass sso add corp
        It asks for the start URL and the region if they are not given. Whoever runs Identity Center for you finds them on \
        its settings page.
        """)

    @Argument(help: "What to call it: the NAME in the section [sso-session NAME] of ~/.aws/config.")
    var name: String
    @Option(name: .customLong("start-url"), help: ArgumentHelp("The address of the access portal.", valueName: "url"))
    var startURL: String?
    @Option(help: ArgumentHelp("The region of Identity Center.", valueName: "region"))
    var ssoRegion: String?
    @OptionGroup var diagnostics: DiagnosticOptions

    func validate() throws {
      guard name.isSectionName else {
        throw ValidationError("the name of a session has letters, digits and -_/.%@:+ only")
      }
      if let startURL, !startURL.isStartURL { throw ValidationError("--start-url \(Self.startURLForm)") }
      if let ssoRegion, !ssoRegion.isHostLabel { throw ValidationError("--sso-region \(Self.regionForm)") }
    }

    private static let startURLForm = "is like https://d-1234567890.awsapps.com/start"
    private static let regionForm = "is like eu-west-1"

    /// Refuses, before anything is asked, what could not be written.
    func run(on host: Host) throws {
      let files = try ConfigFiles(environment: host.environment)
      try files.requireChangeableConfig()
      if let section = try files.read().ssoSession(named: name) {
        throw ConfigError.ssoSessionExists(name, at: section.location)
      }
      let url = try startURL ?? ask("start URL: ", until: \.isStartURL, "it \(Self.startURLForm)")
      let region = try ssoRegion ?? ask("region of Identity Center: ", until: \.isHostLabel, "it \(Self.regionForm)")
      try files.editConfig { editor throws(ConfigError) in
        try editor.addSSOSession(name, properties: [(.ssoStartURL, url), (.ssoRegion, region)])
      }
      host.diagnostics.note(ErrorMessages.wrote(ssoSession: name, to: files.config))
    }

    private func ask(_ question: Prompt, until isValid: (String) -> Bool, _ form: String) throws -> String {
      let terminal = try Terminal.required(toAsk: "where to sign in", flag: "--start-url and --sso-region")
      return try terminal.answer(to: question, where: isValid) { _ in form }
    }
  }
}
