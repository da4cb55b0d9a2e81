import ArgumentParser

/// The profile a command is about.
struct ProfileArgument: ParsableArguments {
  @Argument(help: "A profile of ~/.aws/config; $AWS_PROFILE or 'default' where it is left out.")
  var profile: String?

  /// The profile to use: the argument, `AWS_PROFILE`, then `default`; an empty variable counts as unset.
  func name(in environment: [String: String]) -> String {
    profile ?? environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 } ?? "default"
  }
}
