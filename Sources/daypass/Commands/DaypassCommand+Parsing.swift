import ArgumentParser

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
      let next = command.configuration.subcommands.first { $0._commandName == word }
      guard let next else { return nil }
      command = next
    }
    return words.map { $0 + " " }.joined()
  }

  /// The names of the commands of a group; of those at the top for no words.
  static func names(in words: some Sequence<String>) -> [String] {
    let commands = words.reduce(configuration.subcommands) { commands, word in
      commands.first { $0._commandName == word }?.configuration.subcommands ?? []
    }
    return commands.map { $0._commandName }
  }
}
