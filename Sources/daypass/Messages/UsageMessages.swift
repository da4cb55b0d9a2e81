import AWSValues
import ArgumentParser
import Profiles

/// A command line that cannot be understood, and what to type instead.
struct UsageError: UserFacingError {
  /// What was typed after `daypass`.
  let arguments: [String]
  /// What the argument parser says of it.
  let parserMessage: String
  /// The names of all profiles: one may have been typed in place of a command.
  let profiles: [String]

  init(_ error: any Error, in arguments: [String], profiles: [String]) {
    self.arguments = arguments
    self.profiles = profiles
    parserMessage = DaypassCommand.message(for: error)
  }

  /// What was typed stands in the hint, so that it can be typed as it is.
  var errorMessage: ErrorMessage {
    let typed = arguments.prefix { $0 != "--" }
    var message = typed.first(where: profiles.contains).map { openMessage.naming($0) } ?? openMessage
    if let command = Self.shown(arguments.dropFirst(typed.count + 1)) {
      message.hint = message.hint?.replacing("-- CMD", with: "-- " + command)
    }
    return message
  }

  /// A command without its arguments, which may be secrets while stderr may be a log; nil if there is none.
  private static func shown(_ command: ArraySlice<String>) -> String? {
    command.first.map { $0.shellWord + (command.count > 1 ? " …" : "") }
  }

  /// With PROFILE and CMD in the hint.
  private var openMessage: ErrorMessage {
    let words = path
    guard DaypassCommand.command(named: words) != nil else { return unknownCommand(words) }
    if let message = withoutDashes ?? ofOtherTools { return message }
    return .usage(
      parserMessage.firstSentence.displayText(),
      hint: parserMessage.choices ?? parserMessage.suggestion ?? parserMessage.example
        ?? (["daypass"] + words + ["--help"]).joined(separator: " "))
  }

  /// The words that name a command: one, or two if the first names a group; none if an option comes first. What follows
  /// `help` names one too.
  private var path: [String] {
    let words = arguments.drop { $0 == "help" }.prefix { !$0.hasPrefix("-") }
    let isGroup = DaypassCommand.groups.contains { $0.name == words.first }
    return Array(words.prefix(isGroup ? 2 : 1))
  }

  private func unknownCommand(_ words: [String]) -> ErrorMessage {
    let group = words.dropLast().map { $0 + " " }.joined()
    let name = words.last ?? ""
    let commands = DaypassCommand.command(named: words.dropLast())?.configuration.subcommands ?? []
    let nearest = NearestNames(to: name).among(commands.map { $0.name } + ["help"])
    let hint = intent ?? (group.isEmpty ? hint(for: name, nearest) : nearest.map { group + $0 }.question)
    return .usage(
      "there is no command '\(words.joined(separator: " ").displayText())'",
      hint: hint ?? "daypass \(group)--help lists the commands")
  }

  private func hint(for name: String, _ nearest: [String]) -> String? {
    if profiles.contains(name) { return "'\(name.displayText())' is a profile: daypass exec \(name.shellWord)" }
    return nearest.question
  }

  /// `exec prod terraform plan`, as other tools take it.
  private var withoutDashes: ErrorMessage? {
    let words = arguments.dropFirst()
    guard arguments.first == Exec.name, !arguments.contains("--"),
      let start = words.firstIndex(where: { !$0.hasPrefix("-") })
    else { return nil }
    // A word that is not a profile is the command already, as in AWS_PROFILE=prod daypass exec aws s3 ls.
    let isProfile = profiles.isEmpty || profiles.contains(arguments[start])
    let isCommandOption =
      parserMessage.contains("nknown option") && isProfile
      && words.dropFirst(start).first?.hasPrefix("-") == false
    guard isCommandOption || parserMessage.contains("nexpected argument") else { return nil }
    let end = isProfile ? start + 1 : start
    let line = arguments[..<end].map(\.shellWord) + ["--"] + [Self.shown(arguments[end...])].compactMap { $0 }
    return .usage("the command to run needs -- before it", hint: "daypass " + line.joined(separator: " "))
  }

  /// An option of another tool that is not ours.
  private var ofOtherTools: ErrorMessage? {
    guard parserMessage.contains("nknown option"), let intent = intent else { return nil }
    return .usage(parserMessage.firstSentence.displayText(), hint: intent)
  }

  /// What to type for a command of another tool, or for an option of one, which may mean something else with another
  /// command.
  private var intent: String? {
    let command = path.joined(separator: " ")
    let options = arguments.prefix { $0 != "--" }.map { String($0.prefix { $0 != "=" }) }.filter { $0.hasPrefix("-") }
    let ofOption = options.lazy.compactMap { Self.intents["\(command) \($0)"] ?? Self.intents[$0] }.first
    let firstTwo = arguments.prefix(2).joined(separator: " ")
    return ofOption ?? (profiles.contains(command) ? nil : Self.intents[firstTwo] ?? Self.intents[command])
  }

  /// What to type for the words and options of aws-vault, granted, aws-sso and the AWS CLI.
  private static let intents: [String: String] = [
    "server": "daypass serve PROFILE; for a command: daypass exec --server PROFILE -- CMD", "exec -s": server,
    "--server": server, "--ecs-server": server, "--ec2-server": server, "--lazy": server,
    "env": "print variables: daypass export PROFILE; or run a command with them: daypass exec PROFILE -- CMD",
    "shell": "daypass exec PROFILE starts a shell with credentials",
    "run": "daypass exec PROFILE -- CMD",
    "proxy": server,
    "assume": evaluation, "switch": evaluation, "activate": evaluation, "assume --exec": "daypass exec PROFILE -- CMD",
    "deactivate": "daypass off", "unset": "daypass off", "-un": "daypass off", "--unset": "daypass off",
    "assume -c": console, "assume --console": console, "use -c": console, "use --console": console, "exec -c": console,
    "login --path": console, "login -s": printedURL, "--stdout": printedURL, "console --url": printedURL,
    "console -u": printedURL, "browser": "DAYPASS_BROWSER names the program that opens pages",
    "exec --json": "daypass credential-process PROFILE", "export --json": json, "-j": json,
    "--export": "daypass export --format ini PROFILE",
    "list --profiles": "daypass list --names", "list --sessions": "daypass status",
    "list --credentials": "daypass list",
    "remove -s": sessionsOnly, "remove --sessions-only": sessionsOnly, "cache": "daypass clear --all",
    "token": "daypass status", "credentials": "daypass add PROFILE", "sso login": signIn,
    "sso logout": "daypass logout --sso-session NAME", "sso populate": "daypass sso import",
    "sso generate": "daypass sso import",
    "configure": "daypass add PROFILE keeps a key; settings are in ~/.aws/config",
    "configure sso": "daypass sso add NAME; then: daypass sso import",
    "configure sso-session": "daypass sso add NAME",
    "configure list": "daypass list", "configure list-profiles": "daypass list --names",
    "configure export-credentials": "daypass export PROFILE",
    "--import": fromCredentials, "--remove-plain-text": fromCredentials,
    "get-caller-identity": "daypass whoami PROFILE", "sts": "daypass whoami PROFILE",
    "s3": "daypass list-buckets PROFILE; or: daypass exec PROFILE -- aws s3 ls",
    "aws": otherCalls, "iam": otherCalls, "ec2": otherCalls, "ecs": otherCalls, "eks": otherCalls, "lambda": otherCalls,
    "logs": otherCalls, "ssm": otherCalls, "cloudformation": otherCalls,
    "delete": "daypass remove PROFILE", "del": "daypass remove PROFILE", "new": "daypass add PROFILE",
    "store": "daypass add PROFILE", "completion": "they come with daypass init bash, zsh or fish",
    "--mfa": "MFA is asked for if the profile has mfa_serial; to give a code: --mfa-code 123456",
    "--backend": "daypass keeps keys in the GNOME keyring only; DAYPASS_COLLECTION chooses the collection",
    "--assume-role-ttl": duration, "--session-ttl": duration, "--chained-session-token-ttl": duration,
  ]

  private static let server = "for credentials that are renewed: daypass exec --server PROFILE -- CMD"
  private static let otherCalls = "daypass exec PROFILE -- aws …"
  private static let json = "daypass export --format json PROFILE"
  private static let evaluation =
    "for this shell: daypass use PROFILE; for a new one: daypass exec PROFILE"
  private static let fromCredentials = "daypass import --from credentials PROFILE"
  private static let console = "daypass console PROFILE"
  private static let printedURL = "daypass console --print prints the URL; daypass export PROFILE prints credentials"
  private static let sessionsOnly = "daypass clear PROFILE"
  private static let signIn = "daypass login PROFILE, or: daypass login --sso-session NAME"
  private static let duration = "--duration 1h, or duration_seconds in the profile"
}

extension String {
  /// The first sentence, without its capital letter and full stop.
  fileprivate var firstSentence: String {
    let line = prefix { $0 != "\n" }
    let sentence = line.firstRange(of: ". ").map { line[..<$0.lowerBound] } ?? line
    return sentence.prefix(1).lowercased() + (sentence.hasSuffix(".") ? sentence.dropLast() : sentence).dropFirst()
  }

  /// What may stand there, if the argument parser lists it: `one of sh, fish`.
  fileprivate var choices: String? {
    let listed = split(separator: "\n").filter { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }
    if !listed.isEmpty { return "one of " + listed.joined(separator: ", ") }
    let few = firstRange(of: "Please provide one of ").map { self[$0.upperBound...].prefix { $0 != "." && $0 != "\n" } }
    return few.map { "one of " + $0.replacing("'", with: "") }
  }

  /// What an option's value looks like, which the argument parser does not know.
  fileprivate var example: String? { firstSentence.contains("<time>'") ? "like 900, 15m or 12h" : nil }

  /// The option that the argument parser proposes: `did you mean '--json'?`.
  fileprivate var suggestion: String? {
    firstRange(of: "Did you mean ").map { "did you mean " + self[$0.upperBound...].prefix { $0 != "\n" } }?
      .displayText()
  }
}
