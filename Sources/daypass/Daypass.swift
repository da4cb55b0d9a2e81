import ArgumentParser
import Console
import Delivery
import Glibc
import Keyring

@main
enum Daypass {
  static func main() {
    do {
      // First, while nothing can have gone wrong yet.
      let start = try Hardening.begin()
      if CommandLine.arguments.dropFirst().first == Host.keyringWorkerArgument {
        KeyringWorker.run(descriptor: KeyringWorker.descriptor, environment: start.environment.dictionary)
      } else {
        try run(start)
      }
    } catch {
      exit(tell(error).rawValue)
    }
  }

  private static func run(_ start: ProcessStart) throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let command = DaypassCommand.plainCall(in: arguments) ?? DaypassCommand.namedCommand(in: arguments) {
      return try run(command, start)
    }
    var command = try DaypassCommand.parseAsRoot(arguments)
    if let command = command as? any HostCommand { try run(command, start) } else { try command.run() }
  }

  private static func run(_ command: any HostCommand, _ start: ProcessStart) throws {
    let host = try Host(start: start, diagnostics: Diagnostics(verbosity: command.verbosity))
    do {
      try command.run(on: host)
    } catch let error as any UserFacingError {
      // Which profile has the key is in the files, which are read again only where a hint is to say it.
      guard let command = command as? any ProfileCommand, error.errorMessage.leavesProfileOpen else { throw error }
      throw ProfileFailure(error: error, profile: command.keyProfile(on: host))
    }
  }

  /// Says on stderr what went wrong; what was asked for, such as help, goes to stdout.
  private static func tell(_ error: any Error) -> ExitStatus {
    let diagnostics = Diagnostics(verbosity: .normal)
    guard !DaypassCommand.exitCode(for: error).isSuccess else { return print(DaypassCommand.fullMessage(for: error)) }
    let errorMessage = ErrorMessages.error(error)
    diagnostics.report(errorMessage.problem, hint: errorMessage.hint)
    return errorMessage.status
  }

  private static func print(_ message: String) -> ExitStatus {
    do {
      try Output.standard.write(message + "\n")
      return .success
    } catch {
      return tell(error)
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
  /// Another `add` stored a key for the profile while this one asked for its own.
  case keyAppeared(profile: String)
  /// `rotate --all` could not rotate the keys of these profiles, and said why.
  case notRotated([String])
  /// Several sources of a key at once.
  case oneInputOnly
  /// A variable that is not a duration.
  case invalidTime(variable: String, String)
  /// A variable with a value that is none of those it may have.
  case invalidChoice(variable: String, String, choices: [String])
}

// MARK: - Daypass command

/// The command line's root.
struct DaypassCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: name,
    abstract: "Keeps AWS keys in the GNOME keyring and runs commands with short-lived credentials.",
    discussion: """
      To begin:
        daypass add me
        daypass list-buckets me
        daypass exec me -- aws s3 ls
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(name: "Keys", subcommands: keys.map { $0 }),
      CommandGroup(name: "MFA devices", subcommands: groups),
      CommandGroup(name: "Credentials", subcommands: credentials.map { $0 }),
      CommandGroup(name: "Checks", subcommands: checks.map { $0 }),
    ])

  static let name = "daypass"
  static let version = "0.1.0"

  static var commands: [any HostCommand.Type] { keys + credentials + checks }

  private static let keys: [any HostCommand.Type] = [Add.self, List.self, Remove.self, Rotate.self]
  private static let credentials: [any HostCommand.Type] = [
    Exec.self, Export.self, CredentialProcess.self, Clear.self,
  ]
  private static let checks: [any HostCommand.Type] = [ListBuckets.self, WhoAmI.self, ScenarioCommand.self]

  /// Words that more commands stand behind.
  static let groups: [any ParsableCommand.Type] = [MFA.self]

  /// What the commands are called.
  static var names: [String] { commands.map { $0.name } + groups.map { $0.name } }
}

// MARK: - Parsing

extension DaypassCommand {
  /// The command that the arguments name first, parsed by itself; nil for whatever cannot be parsed so.
  ///
  /// It costs half of parsing from the root, whose messages and help know the whole command line and are for the rest.
  static func namedCommand(in arguments: [String]) -> (any HostCommand)? {
    guard let name = arguments.first, let named = commands.first(where: { $0.configuration.commandName == name })
    else { return nil }
    do { return try named.parse(Array(arguments.dropFirst())) } catch { return nil }
  }

  /// `mfa list ` for the words of a command or a group that there is, nothing for no words; nil for a command that there
  /// is not.
  static func command(named words: [String]) -> String? {
    var command: any ParsableCommand.Type = DaypassCommand.self
    for word in words {
      let next = command.configuration.subcommands.first { $0.name == word }
      guard let next else { return nil }
      command = next
    }
    return words.map { $0 + " " }.joined()
  }

  /// The names of the commands of a group; of those at the top for no words.
  static func names(in words: some Sequence<String>) -> [String] {
    var commands = configuration.subcommands
    for word in words { commands = commands.first { $0.name == word }?.configuration.subcommands ?? [] }
    return commands.map { $0.name }
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

extension HostCommand {
  var verbosity: Diagnostics.Verbosity { diagnostics.debug ? .debug : .normal }
}

// MARK: - Profile command

/// A command about one profile, which hints name.
protocol ProfileCommand: HostCommand {
  var profile: ProfileArgument { get }

  /// The profile whose key it uses, as far as the files tell.
  func keyProfile(on host: Host) -> String
}

extension ProfileCommand {
  func keyProfile(on host: Host) -> String {
    let name = profile.name(in: host.environment)
    do {
      return try host.planner(for: host.profiles()).plan(for: name).keyProfile
    } catch {
      return name
    }
  }
}

/// An error, and the profile that its hint is to name.
struct ProfileFailure: UserFacingError {
  let error: any UserFacingError
  let profile: String

  var errorMessage: ErrorMessage { error.errorMessage.naming(profile) }
}
