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
  /// A variable that is no time span.
  case invalidTime(variable: String, String)
  /// A variable with a value that is none of those it may have.
  case invalidChoice(variable: String, String, choices: [String])
}
