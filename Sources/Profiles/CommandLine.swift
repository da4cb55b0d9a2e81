internal import AWSValues

// Command lines in settings: how they are split, which of them call daypass itself, and which come round in a circle.

/// The words of a command line, split as Python's shlex does, which botocore uses: at blanks; `'…'` is literal, in `"…"` a
/// `\` escapes `"` and `\`, elsewhere any character. A `~/` at the front of a word is the home.
struct ShellWords {
  private(set) var words: [String] = []
  private(set) var fault: CommandLineFault?

  private let home: String?
  private var rest: Substring.UnicodeScalarView
  private var word: String.UnicodeScalarView?
  private var quote: Unicode.Scalar?

  init(_ command: String, home: String?) {
    self.home = home
    rest = command[...].unicodeScalars
    while let scalar = rest.popFirst() { take(scalar) }
    endWord()
    if quote != nil { fault = .openQuote }
    if words.first?.isEmpty ?? true { fault = fault ?? .noProgram }
  }

  private mutating func take(_ scalar: Unicode.Scalar) {
    switch (quote, scalar) {
    case (nil, " "), (nil, "\t"), (nil, "\r"), (nil, "\n"): endWord()
    case (nil, "'"), (nil, "\""):
      quote = scalar
      word = word ?? "".unicodeScalars
    case (nil, "\\"):
      if let escaped = rest.popFirst() { append(escaped) } else { fault = .openQuote }
    case ("\"", "\\"): append(rest.first == "\"" || rest.first == "\\" ? rest.removeFirst() : scalar)
    case (nil, "~") where word == nil && rest.first == "/" && home?.hasPrefix("/") == true:
      word = (home ?? "").unicodeScalars
    case (nil, _):
      if Self.special.contains(scalar) || scalar == "~" && word == nil { fault = fault ?? .needsShell }
      append(scalar)
    case (let open, _) where open == scalar: quote = nil
    case (let open, _):
      // Botocore takes it as it stands, the other SDKs have a shell look at it.
      if open == "\"", scalar == "$" || scalar == "`" { fault = fault ?? .needsShell }
      append(scalar)
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    word = word ?? "".unicodeScalars
    word?.append(scalar)
  }

  private mutating func endWord() {
    if let word { words.append(String(word)) }
    word = nil
  }

  /// What has a meaning to a shell outside quotes.
  private static let special = Set("|&;<>()`$".unicodeScalars)
}

/// Why a command line cannot be run.
package enum CommandLineFault: Equatable, Sendable {
  /// It has characters in it that have a meaning to a shell only, or a home that is not known.
  case needsShell
  /// A quote is not closed, or a `\` has nothing after it.
  case openQuote
  case noProgram
}

extension ShellWords {
  /// The words of the program that a setting names.
  static func words(of command: SettingValue, home: String?) throws(PlanError) -> [String] {
    let line = ShellWords(command.text, home: home)
    if let fault = line.fault { throw .unusableCommand(command.text, fault, of: command.origin) }
    return line.words
  }
}

// MARK: - Own credential process

/// A `credential_process` that calls daypass itself; it is not run, because the plan is made here.
struct SelfCredentialProcess {
  /// The profile it names; nil if it leaves that to the environment.
  private(set) var profile: String?
  private(set) var skipsSession = false
  private(set) var duration: SessionDuration?
  private(set) var region: String?
  private(set) var freshness: CredentialPlan.Freshness?
  /// The value of `--prompt`.
  private(set) var prompt: String?
  private(set) var scope = ScopeRequest()
  private var format: String?

  /// Nil if `command` calls another program or another command of daypass, or has words that are not understood.
  /// `--policy`, which reads a file, and `--mfa-code`, which works once, are not: they cannot be part of a plan.
  init?(_ command: String) {
    let words = ShellWords(command, home: nil).words
    guard words.first?.split(separator: "/").last == "daypass" else { return nil }
    var rest = words.dropFirst()
    guard let name = takeCommand(&rest) else { return nil }
    while let word = rest.popFirst() {
      guard word == "--" ? take(profiles: &rest) : take(word, &rest) else { return nil }
    }
    // `export --format json` prints the same.
    guard name == "credential-process" && format == nil || name == "export" && format == "json" else { return nil }
  }

  /// The name of the command, and the options before it; nil if there is none.
  private mutating func takeCommand(_ rest: inout ArraySlice<String>) -> String? {
    while let word = rest.popFirst(), word != "--" {
      guard word.hasPrefix("-") else { return word }
      guard take(word, &rest) else { return nil }
    }
    return nil
  }

  private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) -> Bool {
    guard word.hasPrefix("-") else { return take(profile: word) }
    if take(flag: word) { return true }
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return (parts.count > 1 ? parts[1] : rest.popFirst()).map { take(parts[0], $0) } ?? false
  }

  private mutating func take(flag: String) -> Bool {
    switch flag {
    case "--debug": break
    case "--no-session", "-n": skipsSession = true
    case "--fresh": freshness = .new
    case "--read-only": scope.presets.append(.readOnly)
    case "--view-only": scope.presets.append(.viewOnly)
    default: return false
    }
    return true
  }

  private mutating func take(_ option: String, _ value: String) -> Bool {
    switch option {
    case "--min-left":
      guard let time = SessionDuration(value) else { return false }
      freshness = freshness ?? .timeLeft(time)
    case "--duration", "-d":
      duration = SessionDuration(value)
      return duration != nil
    case "--region": region = value
    case "--profile": return take(profile: value)
    case "--prompt": prompt = value
    case "--format": format = value
    case "--service": scope.services = value
    case "--policy-arn": scope.policies.append(value)
    case "--tag": scope.tags.append(value)
    case "--transitive-tag": scope.transitiveTags.append(value)
    case "--source-identity": scope.sourceIdentity = value
    default: return false
    }
    return true
  }

  private mutating func take(profiles: inout ArraySlice<String>) -> Bool {
    profiles.popFirst().map { take(profile: $0) } ?? true
  }

  private mutating func take(profile name: String) -> Bool {
    guard profile == nil else { return false }
    profile = name
    return true
  }
}

// MARK: - aws-vault

/// A `credential_process` that calls aws-vault.
package struct AWSVaultCall: Equatable, Sendable {
  /// The profile that has it.
  package let profile: String
  package let property: Property
  /// Whose credentials it asks for, and how, in words that `daypass credential-process` takes too; nil if it has words
  /// that are not understood.
  package let arguments: [String]?

  /// Whether it asks for the credentials of the very profile that has it.
  package var isOfItself: Bool { arguments?.last == profile }

  /// Nil if `property` calls another program.
  fileprivate init?(_ property: Property, of profile: String) {
    let words = ShellWords(property.value, home: nil).words
    guard words.first?.split(separator: "/").last == "aws-vault" else { return nil }
    self.profile = profile
    self.property = property
    arguments = Self.arguments(in: words.dropFirst())
  }

  /// `exec X --json` and `export --format=json X`.
  private static func arguments(in words: ArraySlice<String>) -> [String]? {
    var rest = words
    guard let command = rest.popFirst(), ["exec", "export"].contains(command) else { return nil }
    var (kept, profile, isJSON): ([String], String?, Bool) = ([], nil, false)
    while let word = rest.popFirst() {
      switch word {
      case "--json" where command == "exec", "-j" where command == "exec", "--format=json": isJSON = true
      case "--format" where rest.first == "json":
        rest.removeFirst()
        isJSON = true
      // Where we ask too: on the terminal or in a window.
      case "--prompt=terminal", "--prompt=zenity", "--prompt=kdialog": continue
      case "--no-session", "-n": kept.append("--no-session")
      case "--duration", "-d", "--region":
        guard let value = rest.popFirst() else { return nil }
        kept += [word, value]
      case _ where word.hasPrefix("--duration=") || word.hasPrefix("--region="): kept.append(word)
      default:
        guard profile == nil, !word.hasPrefix("-") else { return nil }
        profile = word
      }
    }
    return isJSON ? profile.map { kept + [$0] } : nil
  }
}

extension ProfileSet {
  package var awsVaultCalls: [AWSVaultCall] {
    names.compactMap { name in
      profile(named: name)?.property(Setting.credentialProcess.rawValue).flatMap { AWSVaultCall($0, of: name) }
    }
  }
}

// MARK: - Profiles on the way here

/// The profiles whose programs are running and have led to this command, the outermost first. They are told to
/// programs in variables, ours and that of `aws configure export-credentials`, as a line of CSV (RFC 4180).
package struct ProfileTrail: Equatable, Sendable {
  package private(set) var names: [String]

  package static let variables = ["DAYPASS_PROFILE_CHAIN", "_AWS_CLI_PROFILE_CHAIN"]
  /// As many as the AWS CLI allows.
  package static let limit = 4

  /// The longer one of both, which the other began.
  package init(in environment: [String: String]) {
    names = Self.variables.map { Self.fields(of: environment[$0] ?? "") }.reduce([]) { $1.count > $0.count ? $1 : $0 }
  }

  /// The trail of a program that is run for the sake of these profiles.
  package func adding(_ profiles: [String]) -> ProfileTrail {
    var trail = self
    for profile in profiles where trail.names.last != profile { trail.names.append(profile) }
    return trail
  }

  /// Refuses to run a program for the sake of these profiles if that would never end.
  func check(_ profiles: [String], from origin: Origin) throws(PlanError) {
    if let start = names.firstIndex(where: profiles.contains) {
      throw .reference(.programLoop(names[start...] + [names[start]]), from: origin)
    }
    guard names.count < Self.limit else { throw .reference(.programsTooDeep(names), from: origin) }
  }

  package var text: String {
    names.map { name in
      name.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
    }.joined(separator: ",")
  }

  private static func fields(of line: String) -> [String] {
    guard !line.isEmpty else { return [] }
    var fields = [""]
    var isQuoted = false
    var rest = line[...]
    while let character = rest.popFirst() {
      if isQuoted, character == "\"", rest.first == "\"" {
        fields[fields.count - 1].append(rest.removeFirst())
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
}
