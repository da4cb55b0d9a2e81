/// Where `add` reads a key from.
enum KeyInput: Equatable {
  /// The terminal, the secret hidden.
  case terminal
  /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
  case environment
  /// Standard input: the key id on the first line, the secret on the second.
  case standardInput
  /// The file the IAM console offers for download.
  case csv(path: String)
  /// The profile's section in `~/.aws/credentials` or the config file.
  case plainText
}
