import ArgumentParser

extension DaypassCommand {
  /// The command that the arguments ask for, or the request for help that they are.
  ///
  /// A command that is named first is parsed by itself, which costs a third of parsing from the root. Whatever it cannot
  /// make sense of goes to the root, whose messages know the whole command line.
  static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    try namedCommand(in: arguments) ?? parseAsRoot(arguments)
  }

  private static func namedCommand(in arguments: [String]) -> (any HostCommand)? {
    guard let name = arguments.first, let named = commands.first(where: { $0.configuration.commandName == name })
    else { return nil }
    do { return try named.parse(Array(arguments.dropFirst())) } catch { return nil }
  }
}
