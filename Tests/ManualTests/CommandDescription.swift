import Foundation
import TestSupport

/// A command as the binary itself describes it.
struct CommandDescription: Decodable, CustomStringConvertible {
  let commandName: String
  let shouldDisplay: Bool
  let arguments: [Argument]?
  let subcommands: [CommandDescription]?

  struct Argument: Decodable {
    let kind: String
    let names: [Name]?
    let valueName: String?

    struct Name: Decodable {
      let kind: String
      let name: String
    }
  }

  var description: String { commandName }

  /// Of `daypass`; what swift-argument-parser's `help` adds is no command of ours.
  static func all() throws -> [CommandDescription] {
    struct Dump: Decodable { let command: CommandDescription }
    let outcome = try Launch(builtProgram("daypass"), ["--experimental-dump-help"]).run()
    let root = try JSONDecoder().decode(Dump.self, from: Data(outcome.output)).command
    return (root.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
  }

  /// What can be typed in front of options: `exec`, `mfa list`.
  var typed: [(words: String, command: CommandDescription)] {
    guard let subcommands else { return [(commandName, self)] }
    return subcommands.flatMap(\.typed).map { ("\(commandName) \($0.words)", $0.command) }
  }

  /// The flags and options as they are typed, `--json`, `-h`; those of a group are those of its commands.
  var flags: Set<String> {
    Set(allArguments.flatMap { ($0.names ?? []).map { $0.kind == "short" ? "-" + $0.name : "--" + $0.name } })
  }

  /// The options that take a value, with the value's name.
  var values: [String: String] {
    let options = allArguments.filter { $0.kind == "option" }
    return Dictionary(options.map { ("--" + ($0.names?.first?.name ?? ""), $0.valueName ?? "") }) { first, _ in first }
  }

  private var allArguments: [Argument] { (arguments ?? []) + (subcommands ?? []).flatMap(\.allArguments) }
}
