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
    } catch let error as any Explainable {
      // Which profile has the key is in the files, which are read again only where a hint is to say it.
      guard let command = command as? any ProfileCommand, error.explanation.leavesProfileOpen else { throw error }
      throw ProfileFailure(error: error, profile: command.keyProfile(on: host))
    }
  }

  /// Says on stderr what went wrong; what was asked for, such as help, goes to stdout.
  private static func tell(_ error: any Error) -> ExitStatus {
    let diagnostics = Diagnostics(verbosity: .normal)
    guard !DaypassCommand.exitCode(for: error).isSuccess else { return print(DaypassCommand.fullMessage(for: error)) }
    let explanation = Explained.error(error)
    diagnostics.report(explanation.problem, hint: explanation.hint)
    return explanation.status
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
