import ArgumentParser

/// The profile a command is about.
struct ProfileArgument: ParsableArguments {
  @Argument(help: "The profile; $AWS_PROFILE where it is left out, then 'default'.")
  var profile: String?

  /// The profile to use: the argument, `AWS_PROFILE`, then `default`; an empty variable counts as unset.
  func name(in environment: [String: String]) -> String {
    profile ?? environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 } ?? "default"
  }
}
