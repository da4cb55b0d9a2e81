import ArgumentParser
import Delivery
import Glibc
import POSIX
import Profiles
import Sessions
import TerminalIO

@main
enum Daypass {
  static func main() {
    var environment: EnvironmentBlock?
    do {
      // First, while nothing can have gone wrong yet.
      let start = try Hardening.begin()
      environment = start.environment
      try run(start)
    } catch {
      exit(report(error, environment?.dictionary ?? [:]).rawValue)
    }
  }

  private static var typedSecrets: [String] { KeyArguments(CommandLine.arguments.dropFirst()).secrets }

  private static func run(_ start: ProcessStart) throws {
    let typed = Array(CommandLine.arguments.dropFirst())
    if let call = PlainCall(typed) { return try runPlainCall(call, start) }
    let habits = Habits(typed)
    if let mistake = habits.mistake { throw mistake }
    let arguments = habits.arguments
    if let command = DaypassCommand.namedCommand(in: arguments) { return try runCommand(command, start) }
    if arguments.isEmpty { return try showFirstSteps(start) }
    if DaypassCommand.asksForOverview(arguments) { return try Output.standard.write(DaypassCommand.overview) }
    do {
      try DaypassCommand.requireKnownCommand(behindHelp: arguments)
      var command = try DaypassCommand.parseAsRoot(arguments)
      if let command = command as? any HostCommand { try runCommand(command, start) } else { try command.run() }
    } catch {
      guard DaypassCommand.exitCode(for: error) == .validationFailure else { throw error }
      if let mistake = KeyArguments(arguments).mistake { throw mistake }
      throw UsageError(error, in: arguments, profiles: profiles(in: start.environment.dictionary))
    }
  }

  /// Only on a terminal: a program that expects data, as old AWS SDKs do from a `credential_process`, would take the first
  /// steps for data.
  private static func showFirstSteps(_ start: ProcessStart) throws {
    guard Output.standard.isTerminal else { throw CommandError.noCommand }
    let host = try Host(start: start, diagnostics: Diagnostics(verbosity: .normal, hiding: typedSecrets))
    try host.output.write(FirstSteps(on: host).text)
  }

  /// The profiles of the files; none if they cannot be read.
  private static func profiles(in environment: [String: String]) -> [String] {
    do {
      return try ConfigFiles(environment: environment).read().names
    } catch {
      return []
    }
  }

  private static func runPlainCall(_ call: PlainCall, _ start: ProcessStart) throws {
    let host = try Host(start: start, diagnostics: Diagnostics(verbosity: .normal, hiding: typedSecrets))
    do {
      try call.run(on: host)
    } catch let error as any UserFacingError {
      guard let profile = call.profile else { throw error }
      throw ProfileFailure(errorMessage: profile.message(of: error, profile.keyProfile(on: host), on: host))
    }
  }

  private static func runCommand(_ command: any HostCommand, _ start: ProcessStart) throws {
    let verbosity: Diagnostics.Verbosity = command.diagnostics.debug ? .debug : .normal
    let host = try Host(start: start, diagnostics: Diagnostics(verbosity: verbosity, hiding: typedSecrets))
    do {
      try command.run(on: host)
    } catch let error as any UserFacingError {
      guard let command = command as? any ProfileCommand, !(error is ProfileFailure) else { throw error }
      throw ProfileFailure(errorMessage: command.message(of: error, on: host))
    }
  }

  /// Says on stderr what went wrong; what was asked for, such as help, goes to stdout.
  private static func report(_ error: any Error, _ environment: [String: String] = [:]) -> ExitStatus {
    let diagnostics = Diagnostics(verbosity: .normal, hiding: typedSecrets)
    guard !DaypassCommand.exitCode(for: error).isSuccess else { return print(DaypassCommand.fullMessage(for: error)) }
    let arguments = Habits(Array(CommandLine.arguments.dropFirst())).arguments
    if let line = Export.failureLine(for: arguments[...]), !Output.standard.isTerminal {
      // If it cannot be written, there is nothing to evaluate either.
      Output.standard.show(line)
    }
    let errorMessage = Messages.error(error).noticingSudo(in: environment)
    diagnostics.report(errorMessage.problem, quoting: errorMessage.quoted, hint: errorMessage.hint)
    return errorMessage.status
  }

  private static func print(_ message: String) -> ExitStatus {
    do {
      try Output.standard.write(message + "\n")
      return .success
    } catch {
      return report(error)
    }
  }
}

// MARK: - Command error

/// Why a command stops by itself.
enum CommandError: Error, Equatable {
  /// A question has to be answered, or `flag` given, and there is no terminal.
  case cannotAsk(String, flag: String)
  /// The user said no.
  case declined
  /// `remove` was asked for a key that is not there.
  case nothingToRemove(profile: String)
  /// `clear` was given no profile, and the one that it took is not there.
  case nothingToClear(profile: String)
  /// `list` was given a pattern that is part of no profile's name.
  case noMatch(String, nearest: [String])
  /// There are several sections `[sso-session …]`, or none, and no argument says which is meant.
  case noSSOSession(among: [String])
  case unknownSSOSession(String, nearest: [String])
  /// There is nothing to do, and no terminal to show the first steps on.
  case noCommand
  /// Another `add` stored a key for the profile while this one asked for its own.
  case keyAppeared(profile: String)
  /// `rotate --all` could not rotate the keys of these profiles, and said why.
  case notRotated([String])
  /// An option's value is empty.
  case noValue(option: String)
  /// Somebody typed a key as an argument of `add`.
  case keyAsArgument(profile: String?)
  /// What `doctor` has found.
  case faultsFound(Int)
  /// The file of `--policy`.
  case unreadablePolicy(path: String, FileFailure)
  /// The credentials of a profile do not expire, so a server would hand out for good what it cannot take back.
  case notServable(profile: String)
  /// A variable that is not a duration.
  case invalidTime(variable: String, String)
  /// A variable whose value is not one of its choices.
  case invalidChoice(variable: String, String, choices: [String])
}

// MARK: - Daypass command

/// The command line's root.
struct DaypassCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: name,
    abstract: "Keeps AWS keys in the GNOME keyring and runs commands with short-lived ones.",
    discussion: """
      To begin:
        daypass add me
        daypass list-buckets me
        daypass exec me -- aws s3 ls
      """,
    version: version, subcommands: tasks.flatMap(\.rows).flatMap(\.commands))

  static let name = "daypass"
  static let version = "0.1.0"

  /// The commands by what people do, and a line for each row of them.
  private static let tasks: [(title: String, rows: [(commands: [any ParsableCommand.Type], does: String)])] = [
    (
      "Use credentials",
      [
        ([Exec.self], "run a command or a shell with credentials"),
        ([Use.self, Off.self], "put them into this shell; take them out again"),
        ([Init.self], "set up a shell for 'use', with completions"),
        ([Export.self], "print them for a shell or a file"),
        ([CredentialProcess.self], "print them as the AWS SDKs ask for them"),
        ([Serve.self], "serve them to AWS SDKs, and renew them"),
        ([ConsoleCommand.self], "open the AWS console signed in as the profile"),
      ]
    ),
    (
      "See what is there",
      [
        ([Status.self, List.self], "what this shell holds; all profiles, keys and sessions"),
        ([WhoAmI.self, ListBuckets.self], "show the AWS identity; list the S3 buckets"),
        ([Explain.self, Doctor.self], "how credentials are obtained; what is wrong"),
      ]
    ),
    (
      "Sign in and out",
      [([Login.self, Logout.self, Clear.self], "get a session; end a sign-in; forget a session")]
    ),
    (
      "Keep keys, MFA devices and profiles",
      [
        ([Add.self, Rotate.self, Remove.self], "keep a key in the keyring; replace it; remove it"),
        ([Import.self, Unlock.self], "move keys in from aws-vault; unlock the keyring"),
        ([MFA.self, SSOCommands.self], "manage MFA devices; write profiles for Identity Center"),
        ([ScenarioCommand.self], "prove on a real account that MFA is enforced"),
      ]
    ),
  ]

  static let commands = tasks.flatMap(\.rows).flatMap(\.commands).compactMap { $0 as? any HostCommand.Type }

  /// The commands that only group others.
  static let groups: [any ParsableCommand.Type] = [MFA.self, SSOCommands.self]

  /// Whether the arguments ask for help on the whole.
  static func asksForOverview(_ arguments: [String]) -> Bool { [["help"], ["--help"], ["-h"]].contains(arguments) }

  /// The commands by what people do, on less than a screen of 80 × 24.
  static var overview: String {
    let lists = tasks.map { task in
      "\(task.title):\n"
        + task.rows.map { row in
          let names = row.commands.map { $0.name }.joined(separator: ", ")
          return "  \(names)\(String(repeating: " ", count: max(2, 23 - names.count)))\(row.does)\n"
        }.joined()
    }
    return """
      \(configuration.abstract)
      To begin: daypass add me; daypass list-buckets me; daypass exec me -- aws s3 ls

      \(lists.joined())daypass COMMAND --help explains a command; man daypass explains everything.

      """
  }

  /// The names of all commands and groups.
  static var names: [String] { commands.map { $0.name } + groups.map { $0.name } }
}

// MARK: - Parsing

extension DaypassCommand {
  /// The command that the arguments name first, parsed by itself; nil for whatever cannot be parsed so.
  ///
  /// It costs half as much as parsing from the root, which is left for what fails here: its messages and its help cover the
  /// whole command line.
  static func namedCommand(in arguments: [String]) -> (any HostCommand)? {
    guard let name = arguments.first, let named = commands.first(where: { $0.configuration.commandName == name })
    else { return nil }
    do { return try named.parse(Array(arguments.dropFirst())) } catch { return nil }
  }

  /// The command or the group that the words name, the root for no words; nil if there is none.
  static func command(named words: some Sequence<String>) -> (any ParsableCommand.Type)? {
    var command: (any ParsableCommand.Type)? = DaypassCommand.self
    for word in words { command = command?.configuration.subcommands.first { $0.name == word } }
    return command
  }

  /// `help nope` is not the help of the whole.
  static func requireKnownCommand(behindHelp arguments: [String]) throws {
    let words = arguments.dropFirst().prefix { !$0.hasPrefix("-") }
    guard arguments.first == "help", command(named: words) == nil else { return }
    throw ValidationError("unknown command")
  }
}

extension ParsableCommand {
  /// What it is called on the command line. Every configuration says it, so that nothing has to be derived from types.
  static var name: String { configuration.commandName ?? "" }
}

/// A command that acts on the world through the host it is given.
protocol HostCommand: ParsableCommand {
  var diagnostics: DiagnosticOptions { get }
  func run(on host: Host) throws
}

// MARK: - Profile command

/// A command about one profile, which hints name.
protocol ProfileCommand: HostCommand {
  var profile: ProfileArgument { get }

  /// The profile whose key it uses, according to the files.
  func keyProfile(on host: Host) -> String

  /// The options with which `daypass login` gets the session that it asks for.
  var loginOptions: [String] { get }
}

extension ProfileCommand {
  func keyProfile(on host: Host) -> String { profile.keyProfile(on: host) }

  var loginOptions: [String] { [] }

  func message(of error: any UserFacingError, on host: Host) -> ErrorMessage {
    let message = profile.message(of: error, keyProfile(on: host), on: host)
    guard case SessionError.noPrompt? = error as? SessionError else { return message }
    return message.loggingIn(with: loginOptions)
  }
}

extension ProfileArgument {
  fileprivate func keyProfile(on host: Host) -> String {
    let name = name(in: host.environment)
    do {
      return try host.planner(for: host.profiles()).plan(for: name).source.keyProfile ?? name
    } catch {
      return name
    }
  }

  /// The message of an error, with what it leaves open about the profile.
  ///
  /// - Parameter keyProfile: is in the files, which are read again only if the hint names it.
  fileprivate func message(
    of error: any UserFacingError, _ keyProfile: @autoclosure () -> String, on host: Host
  ) -> ErrorMessage {
    var message = error.errorMessage
    if message.leavesProfileOpen { message = message.naming(keyProfile()) }
    if case PlanError.unknownProfile? = error as? PlanError, !isChosen(in: host.environment) {
      message.hint = Messages.namingAProfile
    }
    guard let origin = origin(in: host.environment), !(error is ShellError) else { return message }
    return message.saying(origin, of: name(in: host.environment))
  }
}

/// An error whose message leaves nothing about the profile open.
struct ProfileFailure: UserFacingError {
  let errorMessage: ErrorMessage
}
