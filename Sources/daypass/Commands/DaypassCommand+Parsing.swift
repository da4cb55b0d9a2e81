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
}
