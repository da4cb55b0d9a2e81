import Delivery

/// A command line in daypass's words, made of one that has the habits of aws-vault, the AWS CLI or git: options before
/// the command, `--profile NAME`, `ls`, `rm`, `version`.
///
/// What follows `--` is left as it is: it belongs to the command to run.
struct Habits {
  /// The words of the command line as daypass knows them.
  let arguments: [String]

  init(_ typed: [String]) {
    let before = typed.prefix { $0 != "--" }
    let rest = typed.dropFirst(before.count)
    var words = Array(before)
    var profiles: [String] = []
    while let profile = Self.takeProfile(from: &words) { profiles.append(profile) }
    let options = words.prefix(Self.countOfLeadingOptions(in: words))
    words.removeFirst(options.count)
    guard let typedName = words.first else {
      arguments = typed
      return
    }
    let name = Self.ownNames[typedName] ?? typedName
    words.removeFirst()
    let isGroup = DaypassCommand.groups.contains { $0.name == name }
    let path = [name] + words.prefix(isGroup ? 1 : 0)
    words.removeFirst(path.count - 1)
    let own = (path + options + words).map(Self.ownOption)
    arguments = (name == Exec.name ? own.map { $0 == "--ecs-server" ? "--server" : $0 } : own) + profiles + rest
  }

  /// The mistake of an option that ends with `=`, as `--region="$REGION"` does if the variable is empty: the parser would
  /// take the next word for its value, such as the profile. Nil if there is none.
  var mistake: CommandError? {
    let own = arguments.prefix { $0 != "--" }
    let option = own.first { $0.hasPrefix("--") && $0.firstIndex(of: "=") == $0.indices.last }
    return option.map { .noValue(option: String($0.dropLast())) }
  }

  /// Words that other tools take for commands, and ours for them.
  private static let ownNames = [
    "ls": "list", "rm": "remove", "version": "--version", "-v": "--version", "-V": "--version", "help": "help",
    "--generate-completion-script": "--generate-completion-script",
  ]

  /// How many words are options and their values; an option has one value at most.
  private static func countOfLeadingOptions(in words: [String]) -> Int {
    guard let first = words.first, first.hasPrefix("-"), ownNames[first] == nil else { return 0 }
    let others = words.indices.filter { !words[$0].hasPrefix("-") }
    let command = others.first { index in
      let isKnown = ownNames[words[index]] != nil || DaypassCommand.names.contains(words[index])
      return isKnown || !words[index - 1].hasPrefix("-")
    }
    return command ?? others.first ?? words.count
  }

  /// Takes the first `--profile NAME` out of the words; a profile is an argument here.
  private static func takeProfile(from words: inout [String]) -> String? {
    guard let index = words.firstIndex(where: { $0 == "--profile" || $0.hasPrefix("--profile=") }) else { return nil }
    if words[index] != "--profile" { return String(words.remove(at: index).dropFirst("--profile=".count)) }
    guard index + 1 < words.count else { return nil }
    words.remove(at: index)
    return words.remove(at: index)
  }

  private static func ownOption(_ word: String) -> String {
    word == "--mfa-token" || word.hasPrefix("--mfa-token=") ? "--mfa-code" + word.dropFirst("--mfa-token".count) : word
  }
}

extension ExportFormat {
  /// `export-env` is aws-vault's word for `sh`.
  package init?(argument: String) {
    self.init(rawValue: argument == "export-env" ? Self.sh.rawValue : argument)
  }
}

// MARK: - Key arguments

/// Keys that were typed on a command line. They do not belong there, and no message may repeat them.
struct KeyArguments {
  /// The parts that look like a secret access key.
  let secrets: [String]
  /// The words that are neither options nor keys.
  private let others: [String]
  private let hasAccessKeyID: Bool

  /// - Parameter arguments: without the program's name; what follows the `--` of `exec` is another program's.
  init(_ arguments: some Collection<String>) {
    let command = arguments.first { !$0.hasPrefix("-") } ?? ""
    let isOurs = command != Exec.name && DaypassCommand.names.contains(command)
    let own = isOurs ? arguments.filter { $0 != "--" } : Array(arguments.prefix { $0 != "--" })
    secrets = own.flatMap(Self.secretParts)
    hasAccessKeyID = own.contains(where: Self.isAccessKeyID)
    others = own.filter { !$0.hasPrefix("-") && !Self.isAccessKeyID($0) && Self.secretParts(of: $0).isEmpty }
  }

  /// The mistake of giving `add` a key; nil if there is none.
  var mistake: CommandError? {
    guard others.first == "add", hasAccessKeyID || !secrets.isEmpty else { return nil }
    return .keyAsArgument(profile: others.count == 2 ? others[1] : nil)
  }

  private static let shortestSecret = 30

  /// The runs of at least `shortestSecret` base64 characters that have capital letters, small letters and digits, as
  /// hardly a path or a name has.
  private static func secretParts(of word: String) -> [String] {
    guard word.utf8.count >= shortestSecret else { return [] }
    let parts = word.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "+/".contains($0))) }
    return parts.filter { part in
      part.utf8.count >= shortestSecret && part.contains(where: \.isUppercase) && part.contains(where: \.isLowercase)
        && part.contains(where: \.isNumber)
    }.map(String.init)
  }

  private static func isAccessKeyID(_ word: String) -> Bool {
    (word.hasPrefix("AKIA") || word.hasPrefix("ASIA")) && word.utf8.count >= 16
      && word.utf8.allSatisfy(\.isWordCharacter)
  }
}
