import AWSValues
import ArgumentParser
import Delivery
import Profiles
import Prompts
import Testing

@testable import daypass

struct CommandLineTests {
  private func parse<Command: ParsableCommand>(_ words: String..., as type: Command.Type) throws -> Command {
    try #require(DaypassCommand.parseAsRoot(words) as? Command)
  }

  /// How a command line that cannot be understood is explained.
  private func misuse(_ words: [String]) -> ErrorMessage? {
    do {
      try DaypassCommand.requireKnownCommand(behindHelp: words)
      _ = try DaypassCommand.parseAsRoot(words)
      return nil
    } catch {
      return UsageError(error, in: words, profiles: ["prod", "dev"]).errorMessage
    }
  }

  @Test func `what stands after two dashes is the command's`() throws {
    let exec = try parse("exec", "prod", "--", "terraform", "--region", "x", "--debug", "--help", as: Exec.self)
    #expect(exec.profile.profile == "prod")
    #expect(exec.command == ["terraform", "--region", "x", "--debug", "--help"])
    #expect(exec.session.region == nil)
    #expect(!exec.diagnostics.debug)
  }

  @Test func `a command without a profile runs with the default one`() throws {
    let exec = try parse("exec", "--", "env", as: Exec.self)
    #expect(exec.profile.profile == nil)
    #expect(exec.command == ["env"])
    #expect(exec.profile.name(in: [:]) == "default")
    #expect(exec.profile.name(in: ["AWS_PROFILE": ""]) == "default")
    #expect(exec.profile.name(in: ["AWS_PROFILE": "dev"]) == "dev")
    #expect(exec.profile.name(in: ["AWS_PROFILE": "dev", "DAYPASS_PROFILE": "outer"]) == "dev")
    #expect(exec.profile.name(in: ["AWS_PROFILE": "", "DAYPASS_PROFILE": "outer"]) == "outer")
    #expect(try parse("exec", "prod", as: Exec.self).profile.name(in: ["AWS_PROFILE": "dev"]) == "prod")
  }

  @Test func `without a command there is none`() throws {
    #expect(try parse("exec", as: Exec.self).command.isEmpty)
    #expect(try parse("exec", "prod", "--", as: Exec.self).command.isEmpty)
  }

  @Test func `options stand before or after the profile`() throws {
    for words in [["--no-session", "--duration", "15m", "prod"], ["prod", "--no-session", "--duration", "15m"]] {
      let exec = try #require(DaypassCommand.parseAsRoot(["exec"] + words + ["--", "env"]) as? Exec)
      #expect(exec.profile.profile == "prod")
      #expect(exec.session.withoutSession)
      #expect(exec.session.duration == SessionDuration(seconds: 900))
    }
  }

  @Test(arguments: ExportFormat.allCases)
  func `every format has its name on the command line`(format: ExportFormat) throws {
    #expect(try parse("export", "--format", format.rawValue, "prod", as: Export.self).format == format)
  }

  @Test func `the caller's shell decides on the format if none is named`() throws {
    #expect(try parse("export", as: Export.self).format == nil)
  }

  @Test(arguments: [
    ["bogus"], ["exec", "prod", "env"], ["exec", "--bogus"], ["export", "--format", "bogus"], ["export", "--format"],
    ["exec", "--duration", "soon"], ["add", "--mfa-serial", "no device"], ["whoami", "a", "b"], ["list", "a", "b"],
    ["list", "--json=maybe"], ["list", "--names", "--json"], ["export", "--form\u{1b}[2Jat"],
  ])
  func `a command line that cannot be understood is a usage error of one line`(words: [String]) throws {
    let errorMessage = try #require(misuse(words))
    #expect(errorMessage.status == .usage)
    #expect(errorMessage.hint?.isEmpty == false)
    #expect(!errorMessage.problem.hasSuffix("."))
    #expect(errorMessage.problem.first?.isUppercase == false)
    #expect(errorMessage.problem.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
  }

  @Test(arguments: [
    (["exec", "prod", "terraform", "plan"], "daypass exec prod -- terraform …"),
    (["exec", "prod", "env"], "daypass exec prod -- env"),
    (["exec", "prod", "sh", "-c", "x"], "daypass exec prod -- sh …"),
    (["exec", "it's", "made-up-secret"], "daypass exec -- 'it'\\''s' …"),
    (["prod"], "'prod' is a profile: daypass exec prod"), (["exce", "prod"], "did you mean 'exec'?"),
    (["list", "--jsno"], "did you mean '--json'?"), (["exec", "--durtion", "1h"], "did you mean '--duration'?"),
    (["shell"], "daypass exec PROFILE starts a shell with credentials"),
    (["mfa", "enrol"], "did you mean 'mfa enroll'?"), (["help", "nope"], "daypass --help lists the commands"),
    (["export", "--format", "nope"], "one of sh, fish, powershell, env, json, ini"),
    (["assume", "-c", "prod"], "daypass console prod"), (["assume", "-un"], "daypass off"),
    (["use", "-un"], "daypass off"), (["unset"], "daypass off"), (["use", "-c", "prod"], "daypass console prod"),
    (["login", "-s", "prod"], "daypass console --print prints the URL; daypass export prod prints credentials"),
    (["exec", "-s", "prod"], "for credentials that are renewed: daypass exec --server prod -- CMD"),
    (
      ["exec", "-s", "prod", "--", "curl", "-H", "Authorization: made-up"],
      "for credentials that are renewed: daypass exec --server prod -- curl …"
    ),
    (["remove", "-s", "prod"], "daypass clear prod"), (["exec", "-j", "dev"], "daypass export --format json dev"),
    (["exec", "--json", "prod"], "daypass credential-process prod"),
    (["export", "prod", "--json"], "daypass export --format json prod"),
    (["ec2", "describe-instances"], "daypass exec PROFILE -- aws …"),
    (["sso", "login"], "daypass login PROFILE, or: daypass login --sso-session NAME"),
    (["list", "--profiles"], "daypass list --names"), (["hlep"], "did you mean 'help'?"),
    (["configure", "export-credentials"], "daypass export PROFILE"), (["configure", "list"], "daypass list"),
    (["exec", "--duration", "1hour", "prod"], "like 900, 15m or 12h"), (["init", "sh"], "one of bash, zsh or fish"),
    (["import", "--from", "x"], "one of credentials, aws-vault, aws-vault-file or granted"),
  ])
  func `a command line of another tool gets the line to type instead`(words: [String], hint: String) throws {
    let errorMessage = try #require(misuse(words))
    #expect(errorMessage.hint == hint)
    #expect(errorMessage.status == .usage)
  }

  @Test(arguments: [
    ["server"], ["exec", "--ec2-server", "prod"], ["export", "--server", "prod"], ["assume", "prod"],
  ])
  func `a word that other tools taught gets a sentence`(words: [String]) throws {
    #expect(try #require(misuse(words)?.hint).contains("daypass"))
  }

  @Test(arguments: [
    (["ls"], ["list"]), (["rm", "-f", "prod"], ["remove", "-f", "prod"]), (["version"], ["--version"]),
    (["--debug", "whoami", "prod"], ["whoami", "--debug", "prod"]),
    (["--debug", "mfa", "list", "prod"], ["mfa", "list", "--debug", "prod"]),
    (["--profile", "prod", "exec", "--", "ls", "--profile", "x"], ["exec", "prod", "--", "ls", "--profile", "x"]),
    (["whoami", "--profile=prod"], ["whoami", "prod"]),
    (["scenario", "cleanup", "--profile", "admin"], ["scenario", "cleanup", "admin"]),
    (
      ["--region", "eu-west-1", "exec", "prod", "-t", "123456"],
      ["exec", "--region", "eu-west-1", "prod", "-t", "123456"]
    ),
    (["--prompt", "zenity", "--fresh", "exec", "prod"], ["exec", "--prompt", "zenity", "--fresh", "prod"]),
    (["--prompt=tty", "--read-only", "use", "prod"], ["use", "--prompt=tty", "--read-only", "prod"]),
    (["--debug", "prod"], ["prod", "--debug"]), (["-t", "123456", "prod"], ["prod", "-t", "123456"]),
    (["--help", "exec"], ["exec", "--help"]),
    (["-v"], ["--version"]), (["--debug", "help", "exec"], ["help", "--debug", "exec"]),
    (["exec", "--ecs-server", "prod", "--", "ls"], ["exec", "--server", "prod", "--", "ls"]),
    (["exec", "prod", "--mfa-token=1"], ["exec", "prod", "--mfa-code=1"]),
    (["exec", "--", "ls", "--mfa-token"], ["exec", "--", "ls", "--mfa-token"]),
    ([], []), (["--help"], ["--help"]), (["--debug"], ["--debug"]),
    (["whoami", "--profile"], ["whoami", "--profile"]),
    (["--generate-completion-script", "bash"], ["--generate-completion-script", "bash"]),
  ])
  func `the habits of other tools are turned into daypass's command line`(typed: [String], words: [String]) {
    #expect(Habits(typed).arguments == words)
  }

  @Test(arguments: [
    (["exec", "--region=", "prod", "--", "x"], "--region"), (["whoami", "--debug="], "--debug"),
    (["--region=", "exec", "prod"], "--region"),
    (["exec", "prod", "--tag=a="], nil), (["exec", "prod", "--", "x", "--region="], nil), (["list", "--", "="], nil),
  ])
  func `an option that ends with = does not take the next word`(typed: [String], option: String?) {
    #expect(Habits(typed).mistake == option.map { .noValue(option: $0) })
  }

  @Test func `aws-vault's short options work`() throws {
    let exec = try parse("exec", "-n", "-d", "1h", "-t", "123456", "--prompt", "terminal", "prod", as: Exec.self)
    #expect(exec.session.prompt == .tty)
    #expect(exec.session.withoutSession)
    #expect(exec.session.duration == SessionDuration(seconds: 3600))
    #expect(exec.session.mfaCode == "123456")
    #expect(try parse("remove", "-f", "prod", as: Remove.self).confirmation.force)
    #expect(try parse("export", "--format", "export-env", as: Export.self).format == .sh)
  }

  @Test(arguments: [
    (["prod"], ["prod"]), (["--mfa-code", "123456", "prod", "-d", "1h"], ["prod", "-d", "1h"]),
    (["prod", "--mfa-code=123456", "--fresh", "-t", "1", "--service", "s3"], ["prod", "--service", "s3"]),
    (["--shell", "bash", "--renewal", "limited", "--profile", "prod"], ["--profile", "prod"]),
  ])
  func `a prompt renews by the words of use, without a code that is spent`(typed: [String], words: [String]) {
    #expect(Use.repeatable(typed) == words)
  }

  @Test func `the overview fits a terminal of 80 x 24`() {
    let lines = DaypassCommand.overview.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count <= 23)
    #expect(lines.filter { $0.count > 80 } == [])
    let named = lines.filter { $0.hasPrefix("  ") }.flatMap { $0.split(separator: "  ")[0].split(separator: ", ") }
    #expect(Set(named.map(String.init)) == Set(DaypassCommand.names))
  }

  @Test func `the help of each command shows a line to type, and fits 80 columns`() {
    for (words, command) in Self.leaves {
      let help = DaypassCommand.helpMessage(for: command, columns: 80).split(separator: "\n")
      let typed = "daypass " + words.joined(separator: " ")
      #expect(help.contains { $0.hasPrefix("  ") && $0.contains(typed) }, "\(typed)")
      #expect(help.filter { $0.count > 80 } == [], "\(typed)")
    }
  }

  private static var leaves: [(words: [String], command: any ParsableCommand.Type)] {
    DaypassCommand.configuration.subcommands.flatMap { command in
      let subcommands = command.configuration.subcommands
      return subcommands.isEmpty
        ? [([command.name], command)] : subcommands.map { ([command.name, $0.name], $0) }
    }
  }

  @Test(arguments: [["--help"], ["help", "exec"], ["exec", "--help"], ["--version"]])
  func `what is asked for is no error`(words: [String]) {
    let error = #expect(throws: (any Error).self) {
      var command = try DaypassCommand.parseAsRoot(words)
      try command.run()
    }
    if let error { #expect(DaypassCommand.exitCode(for: error).isSuccess) }
  }

  @Test(arguments: [
    ([], KeyInput.terminal), (["--env"], .environment), (["--stdin"], .standardInput),
    (["--csv", "k.csv"], .csv(path: "k.csv")),
  ])
  func `a key has one source`(words: [String], source: KeyInput) throws {
    let add = try #require(DaypassCommand.parseAsRoot(["add", "me"] + words) as? Add)
    #expect(add.input.source == source)
  }

  @Test(arguments: [
    ["--env", "--stdin"], ["--csv", "k", "--env"], ["--env", "--stdin", "--csv", "k"],
  ])
  func `several sources of a key are one too many`(words: [String]) throws {
    #expect(throws: (any Error).self) { try DaypassCommand.parseAsRoot(["add", "me"] + words) }
  }

  @Test(arguments: [("900", 900), ("15m", 900), ("12h", 43200)])
  func `a variable holds a time span`(text: String, seconds: Int) throws {
    #expect(try ["X": text].time("X") == SessionDuration(seconds: seconds))
  }

  @Test func `a time-out longer than any wait does not overflow`() throws {
    #expect(try ["X": "9223372036854775"].timeout("X") == 86_400)
    #expect(try ["X": "100000000000000d"].timeout("X") == 86_400)
    #expect(try ["X": "30"].timeout("X") == 30)
    #expect(try [:].timeout("X") == nil)
  }

  @Test func `a variable that holds no time span is named, and an empty one counts as unset`() throws {
    #expect(try ["X": ""].time("X") == nil)
    #expect(try [:].time("X") == nil)
    #expect(throws: CommandError.invalidTime(variable: "X", "soon")) { try ["X": "soon"].time("X") }
  }
}

// MARK: - Named command tests

/// The short way to a command, which must lead where the long one does.
struct NamedCommandTests {
  @Test(arguments: DaypassCommand.commands.map { $0.name })
  func `every command can be named first`(name: String) throws {
    let takesNoProfile = ["list", "unlock", "status", "off", "doctor", "import"].contains(name)
    let special = ["scenario": "cleanup", "init": "bash"]
    let words = [name, special[name] ?? "prod"].prefix(takesNoProfile ? 1 : 2)
    let named = try #require(DaypassCommand.namedCommand(in: Array(words)))
    #expect(try type(of: named) == type(of: DaypassCommand.parseAsRoot(Array(words))))
  }

  @Test func `a command named first is parsed as from the root`() throws {
    let words = [
      "exec", "--no-session", "--region", "eu-west-1", "prod", "--debug", "--", "env", "--help", "--version",
    ]
    let exec = try #require(DaypassCommand.namedCommand(in: words) as? Exec)
    let fromRoot = try #require(DaypassCommand.parseAsRoot(words) as? Exec)
    #expect("\(exec)" == "\(fromRoot)")
    #expect(exec.command == ["env", "--help", "--version"])
  }

  @Test(arguments: [
    [], ["help"], ["help", "exec"], ["--help"], ["--version"], ["nonsense"], ["exec", "--help"],
    ["exec", "-h", "prod"],
    ["exec", "--version"], ["exec", "--nonsense"], ["exec", "prod", "extra"],
    ["export", "--format", "nonsense", "prod"],
    ["exec", "--generate-completion-script", "bash"], ["--generate-completion-script", "bash"],
    ["exec", "--experimental-dump-help"], ["--experimental-dump-help"],
  ])
  func `help, faults and unknown words are left to the root`(words: [String]) {
    #expect(DaypassCommand.namedCommand(in: words) == nil)
  }

  @Test(arguments: [
    ["exec", "prod", "--", "terraform", "plan", "--help"], ["exec", "a b@c", "--", "x", "--", "--version"],
    ["exec", "--", "env"], ["exec", "help", "--", "-v"], ["exec", "prod", "--"],
    ["exec", "--no-session", "prod", "--", "env"], ["exec", "prod", "--no-session", "--", "--no-session"],
    ["credential-process", "prod"], ["credential-process", "help"], ["credential-process", "\u{e9}"],
    ["list", "--names"], ["status", "--prompt"],
  ])
  func `a call understood without the parser is what the parser makes of it`(words: [String]) throws {
    let parsed = try #require(DaypassCommand.namedCommand(in: words))
    let plain = PlainCall(words)
    #expect((plain == nil) == (words.dropFirst().first == "--"))
    switch plain {
    case .exec(let profile, let request, let command)?:
      let exec = try #require(parsed as? Exec)
      #expect((profile.profile, command) == (exec.profile.profile, exec.command))
      #expect(!exec.server && !exec.diagnostics.debug)
      #expect("\(request) \(ScopeRequest())" == "\(exec.request) \(try exec.scope.request())")
    case .credentialProcess(let profile)?:
      let process = try #require(parsed as? CredentialProcess)
      #expect(profile.profile == process.profile.profile && !process.diagnostics.debug)
      #expect("\(CredentialRequest()) \(ScopeRequest())" == "\(process.request) \(try process.scope.request())")
    case .listNames?:
      let list = try #require(parsed as? List)
      #expect(list.names && !list.keys && !list.cached && list.pattern == nil && !list.diagnostics.debug)
    case .statusPrompt?:
      let status = try #require(parsed as? Status)
      #expect(status.prompt && !status.output.json && !status.diagnostics.debug)
    case nil: break
    }
  }

  @Test(arguments: [
    [], ["exec"], ["exec", "prod"], ["exec", "--", "env"], ["exec", "--debug", "--", "env"],
    ["exec", "-\u{301}", "--", "env"], ["exec", "", "--", "env"], ["exec", "prod", "--debug", "--", "env"],
    ["exec", "prod", "extra", "--", "env"],
    ["exec", "--no-session", "--", "env"], ["exec", "--no-session", "prod", "--no-session", "--", "env"],
    ["exec", "--no-session", "prod", "extra", "--", "env"], ["credential-process"], ["credential-process", "--help"],
    ["credential-process", "prod", "--debug"], ["credential-process", "prod", "extra"], ["list"], ["list", "--json"],
    ["list", "--names", "--debug"], ["clear", "prod"], ["export", "prod"],
  ])
  func `every other call is the parser's`(words: [String]) {
    #expect(PlainCall(words) == nil)
  }
}
