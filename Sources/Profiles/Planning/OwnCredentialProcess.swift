/// A `credential_process` that calls daypass itself; it is not run, because the plan is made here.
struct OwnCredentialProcess: Equatable {
  /// The profile it names; nil where it leaves that to the environment.
  let profile: String?

  /// Nil where `command` calls another program, or another command of ours.
  init?(_ command: String) {
    let words = CommandWords(command).words
    guard let program = words.first?.split(separator: "/").last, program == "daypass",
      words.dropFirst().first == "credential-process"
    else { return nil }
    profile = Self.firstArgument(of: words.dropFirst(2))
  }

  private static func firstArgument(of words: ArraySlice<String>) -> String? {
    var rest = words
    while let word = rest.popFirst() {
      if word == "--" { return rest.first }
      guard word.hasPrefix("-") else { return word }
      if optionsWithValue.contains(word) { rest = rest.dropFirst() }
    }
    return nil
  }

  /// The options of `credential-process` whose value is the next word.
  private static let optionsWithValue: Set<String> = ["--duration", "--region", "--mfa-code"]
}
