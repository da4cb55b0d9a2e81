import AWSDouble
import Foundation
import TestSupport
import Testing

@Suite(.keyring)
struct CaseTests {
  /// `DAYPASS_RECORD=name swift test --filter CaseTests` writes what came into that case; `all` into all.
  private static let recorded = ProcessInfo.processInfo.environment["DAYPASS_RECORD"] ?? ""

  @Test(arguments: try CommandCase.all())
  func `a command does what its case says`(testCase: CommandCase) throws {
    let scene = try Scene(of: testCase)
    let given = Set(try SecretSweep(scene).files())
    let (outcome, trace) = try scene.runTraced("exec \(testCase.command)", input: testCase["stdin"])
    let results = try results(of: outcome, in: scene, config: testCase["config"])
    if Self.recorded == "all" || Self.recorded == testCase.name {
      try testCase.record(results)
    } else {
      for heading in CommandCase.results {
        #expect(results[heading] == testCase[heading], "\(testCase.name): \(heading)")
      }
    }
    LeakTally.record(testCase.name, try leaks(of: outcome, trace, in: scene, except: given, testCase))
  }

  /// `--debug` adds lines to stderr, and neither secrets nor anything else.
  @Test(arguments: try CommandCase.triedWithDebug())
  func `--debug adds lines to stderr and changes nothing else`(testCase: CommandCase) throws {
    // What has just been recorded is compared in the next run.
    guard Self.recorded.isEmpty else { return }
    let scene = try Scene(of: testCase)
    let given = Set(try SecretSweep(scene).files())
    scene.environment["G_MESSAGES_DEBUG"] = "all"
    let words = testCase.command.split(separator: " ")
    let name = testCase.wordsOfName
    let command = (["exec"] + words.prefix(name) + ["--debug"] + words.dropFirst(name)).joined(separator: " ")
    let outcome = try scene.run(command, input: testCase["stdin"])
    let results = try results(of: outcome, in: scene, config: testCase["config"])
    for heading in CommandCase.results {
      let lines = results[heading]?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
      let usual = lines.filter { !$0.hasPrefix("daypass: debug: ") }.joined(separator: "\n")
      #expect(usual == testCase[heading], "\(testCase.name): \(heading)")
    }
    LeakTally.record(testCase.name + " --debug", try leaks(of: outcome, nil, in: scene, except: given, testCase))
  }

  /// The places where a secret could be, and which were found there.
  private func leaks(
    of outcome: Launch.Outcome, _ trace: Trace?, in scene: Scene, except given: Set<String>, _ testCase: CommandCase
  ) throws -> [String: [String]] {
    let sweep = SecretSweep(scene)
    let meant = Mask.secretNames.contains { testCase["stdout"].contains($0) }
    var places = [
      "stdout": sweep.leaks(in: outcome.output, meant: meant), "stderr": sweep.leaks(in: outcome.errors),
      "files": try sweep.files(except: given),
    ]
    guard let trace else { return places }
    for (index, line) in trace.arguments.enumerated() {
      // A code in an argument is there because the user put it there.
      let isTyped = line.contains("--mfa-code")
      let bytes = Array(line.utf8)
      places["command line \(index)"] = isTyped ? sweep.secrets(in: bytes) : sweep.leaks(in: bytes)
    }
    places["other files"] = trace.written.filter { !$0.hasPrefix(scene.scratch.path) && !$0.isOfDaypass }
    return places
  }

  /// What came, by the headings of the sections that say what has to come.
  private func results(of outcome: Launch.Outcome, in scene: Scene, config: String) throws -> [String: String] {
    let mask = Mask(scene)
    let configAfter = FileManager.default.contents(atPath: scene.home + "/.aws/config") ?? Data()
    let after = String(decoding: configAfter, as: UTF8.self)
    return [
      "stdout": mask(outcome.outputText), "stderr": mask(outcome.errorText),
      "status": outcome.status == .exited(0) ? "" : "\(outcome.status)\n",
      "calls": mask(scene.double.calls.map(\.line).joined()),
      "config after": after == config ? "" : after.replacing(scene.scratch.path, with: "{scratch}"),
    ]
  }
}

extension String {
  /// Whether daypass may write to this file outside the scene: a device, or a file in a folder of the config.
  fileprivate var isOfDaypass: Bool {
    ["/dev/null", "/dev/tty", "/dev/full"].contains(self) || !hasPrefix("/")
  }
}

// MARK: - Case files

/// A file of `Cases`, which reads as a transcript: what is there before, the command, and what has to come of it.
///
/// It begins with lines `word: value`: `key` (`alice`, or `work=alice` for her key under another name), `aws-vault`
/// (the same, kept by aws-vault), `account` (see `Scene.change`), `fault` (JSON as in the double's control API),
/// `environment` (`NAME=value`), `before` (a shell command, which must succeed), `#` (a comment). Files follow, as
/// sections `-- config --` and `-- ~/NAME --`, and the command after `$`, as a shell reads it. The sections after it
/// are `stdin`, and what has to come: `stdout`, `stderr`, `calls`, `config after` and `status`, each nothing, unchanged
/// or 0 if it is absent.
///
/// In commands `{code}` is a code of alice's MFA device; expected texts are compared after `Mask`.
struct CommandCase: CustomTestStringConvertible, Sendable {
  static let results = ["stdout", "stderr", "calls", "config after", "status"]

  let name: String
  private let file: URL
  private var blocks: [CaseBlock]

  var testDescription: String { name }

  static func all() throws -> [CommandCase] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try files.map(CommandCase.init).sorted { $0.name < $1.name }
  }

  private init(_ file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    (name, self.file) = (file.deletingPathExtension().lastPathComponent, file)
    blocks = CaseBlock.blocks(of: text)
    let known = ["config", "stdin"] + Self.results
    let strange = blocks.compactMap(\.title).filter { !known.contains($0) && !$0.hasPrefix("~/") }
    guard strange.isEmpty, blocks.count(where: \.isCommand) == 1, text == self.text else {
      throw SetupFailure("\(file.path): not written as a case is; see CommandCase \(strange)")
    }
  }

  private var text: String { blocks.map(\.text).joined(separator: "\n") }

  /// The command as a shell reads it, `daypass` first.
  var command: String { String(blocks.first(where: \.isCommand)?.heading.dropFirst(2) ?? "") }

  /// The content of a section; empty if it is absent.
  subscript(title: String) -> String { blocks.first { $0.title == title }?.content ?? "" }

  var hasConfig: Bool { blocks.contains { $0.title == "config" } }

  /// The files for HOME beside `config`: their paths there.
  var homeFiles: [String] { blocks.compactMap(\.title).filter { $0.hasPrefix("~/") }.map { String($0.dropFirst(2)) } }

  /// The lines before the first section: words and values.
  func settings() throws -> [(word: String, value: String)] {
    guard let first = blocks.first, first.heading.isEmpty else { return [] }
    return try first.content.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      guard let colon = line.firstRange(of: ": ") else { throw SetupFailure("\(name): \(line)") }
      return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
    }
  }

  /// Those that run a command; every third of them, except in the long run.
  static func triedWithDebug() throws -> [CommandCase] {
    try all().filter(\.runsCommand).enumerated().filter { Soak.isOn || $0.offset.isMultiple(of: 3) }.map(\.element)
  }

  /// Whether it runs a command, which every option needs but `--help` and `--version`.
  private var runsCommand: Bool {
    let mistyped = ["mfa-unknown", "unknown-command", "unknown-command-without-neighbour"]
    return command.hasPrefix("daypass ") && !command.hasPrefix("daypass --") && !mistyped.contains(name)
  }

  /// How many words name the command: a group of commands takes no option itself.
  fileprivate var wordsOfName: Int { ["daypass mfa ", "daypass sso "].contains { command.hasPrefix($0) } ? 3 : 2 }

  /// Writes what came as what is expected; for new cases, to be read before it is committed.
  func record(_ results: [String: String]) throws {
    var recorded = self
    recorded.blocks.removeAll { Self.results.contains($0.title ?? "") }
    for title in Self.results {
      guard let text = results[title], !text.isEmpty else { continue }
      recorded.blocks.append(CaseBlock(heading: "-- \(title) --", content: text))
    }
    try Data(recorded.text.utf8).write(to: file)
  }
}

/// A heading and the text below it, up to the empty line before the next heading.
private struct CaseBlock {
  /// `-- title --`, or `$ command`; empty for what a file begins with.
  let heading: String
  var content = ""

  var isCommand: Bool { heading.hasPrefix("$ ") }
  var title: String? { heading.hasPrefix("-- ") ? String(heading.dropFirst(3).dropLast(3)) : nil }

  private static let noNewline = "\n\\ no newline at end\n"

  var text: String {
    let end = content.isEmpty || content.hasSuffix("\n") ? "" : Self.noNewline
    return (heading.isEmpty ? "" : heading + "\n") + content + end
  }

  static func blocks(of text: String) -> [CaseBlock] {
    var blocks = [CaseBlock(heading: "")]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let isHeading =
        line.hasPrefix("-- ") && line.hasSuffix(" --")
        || line.hasPrefix("$ daypass") && !blocks.contains(where: \.isCommand)
      if isHeading {
        blocks.append(CaseBlock(heading: String(line)))
      } else {
        blocks[blocks.count - 1].content += line + "\n"
      }
    }
    for index in blocks.indices.dropLast() where blocks[index].content.hasSuffix("\n") {
      blocks[index].content.removeLast()
    }
    for index in blocks.indices where blocks[index].content.hasSuffix(noNewline) {
      blocks[index].content.removeLast(noNewline.count)
    }
    return blocks.first?.text.isEmpty == true ? Array(blocks.dropFirst()) : blocks
  }
}

// MARK: - Setting up

extension Scene {
  /// The scene that a case describes.
  convenience init(of testCase: CommandCase) throws {
    try self.init(config: testCase.hasConfig ? testCase["config"] : nil, on: BorrowedKeyring())
    for file in testCase.homeFiles {
      if let slash = file.lastIndex(of: "/") { scratch.makeFolder("home/" + file[..<slash]) }
      scratch.write(testCase["~/" + file], to: "home/" + file)
    }
    let settings = try testCase.settings()
    for (word, value) in settings { try prepare(word, value) }
    double.forgetCalls()
    for case ("fault", let value) in settings { try double.fail(json: Data("[\(value)]".utf8)) }
    for case ("environment", let value) in settings {
      let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      environment[parts[0]] = try filled(parts[1])
    }
  }

  /// Does what a line of a case asks for before the command; faults and environment come after it.
  private func prepare(_ word: String, _ value: String) throws {
    switch word {
    case "key":
      let parts = value.split(separator: "=").map(String.init)
      try storeKey(of: parts[parts.count - 1], as: parts[0])
    case "aws-vault":
      let parts = value.split(separator: "=").map(String.init)
      guard let key = Account.demo[user: parts[1]]?.keys.first else { throw SetupFailure("no user \(parts[1])") }
      try keyring.keep([VaultEntry(parts[0], id: key.id, secret: key.secret)], in: "awsvault")
    case "account": try change(value)
    case "before": try prepare(value)
    case "fault", "environment": break
    default: throw SetupFailure("no line of a case begins with \(word)")
    }
  }

  /// Changes the account or its clock: a word of `account` and its value.
  private func change(_ line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    switch words[0] {
    case "clock": double.clock = .offset(Double(words[1]) ?? 0)
    case "inactive-key": double.account[user: words[1]]?.keys[0].isActive = false
    case "deleted-key": double.account[user: words[1]]?.keys = []
    case "new-secret": double.account[user: words[1]]?.keys[0].secret = "madeUpMadeUpMadeUpMadeUpMadeUpMadeUpMade"
    case "disabled-region": double.account.disabledRegions = [words[1]]
    case "bucket-page": double.account.bucketPageSize = Int(words[1]) ?? 0
    case "role":
      let bob = double.account[user: "bob"].map { double.account.arn(of: $0) } ?? ""
      var role = Role(arn: double.account.roleARN(words[1]), trusts: [bob])
      role.maxSessionDuration = 43_200
      role.webIdentities = Set(words.dropFirst(2))
      double.account.roles.append(role)
    case "machine-role":
      double.account.machineRole = words[1]
      double.account.update(role: "Build") { $0.trusts.insert(double.account.roleARN(words[1])) }
    case "web-identity":
      let token = double.webIdentityToken(of: words[1], seconds: Double(words.last ?? "") ?? 3600)
      scratch.write(token + "\n", to: "home/token")
    case "untrusted": double.account.update(role: words[1]) { $0.untrustedActions = Set(words.dropFirst(2)) }
    case "denied": double.account[user: words[1]]?.deniedActions = [words[2]]
    default: throw SetupFailure("no change is named \(words[0])")
    }
  }
}

// MARK: - Texts that differ from run to run

/// Writes a name in braces for what differs from run to run, so that the rest of a text can be compared.
struct Mask {
  private let fixed: [(text: String, name: String)]

  init(_ scene: Scene) {
    let port = scene.double.url.split(separator: ":").last.map(String.init) ?? ""
    let secrets = Account.demo.users.flatMap { user in user.keys.map { ($0.secret, "{secret of \(user.name)}") } }
    fixed =
      [
        (scene.home, "{home}"), (scene.scratch.path, "{scratch}"), (Self.userAndHost, "{user@host}"),
        ("127.0.0.1:\(port)", "{double}"),
      ] + secrets
  }

  /// What the double's random values look like, and times; see `IssuedSession`.
  private static let patterns = [
    ("{token}", "IQoJb3JpZ2luX2Vj//[A-Za-z0-9+/]{300}\\+/=="),
    ("{secret}", "(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{38}/\\+"),
    ("{sign-in token}", "VCQ[A-Z2-7]{60}"),
    ("{key id}", "ASIA[A-Z2-7]{16}"),
    ("{new key id}", "(?<=→ |new key |\"key\" : \")AKIA[A-Z2-7]{16}"),
    ("{request id}", "(?<=request id )[A-Za-z0-9-]+"),
    ("{time}", "20[2-9][0-9]-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z(?!  demo)"),
    ("{time}", "20[0-9]{6}T[0-9]{6}Z"),
    ("{seconds}", "(?<=\"secondsLeft\" : )[0-9]+"),
    ("{clock time}", "(?<=, until )([0-9-]{10} )?[0-9]{2}:[0-9]{2}"),
    ("{time left}", "[0-9]+ (h [0-9]+ min|min|s) left"),
  ]

  func callAsFunction(_ text: String) -> String {
    var known = fixed.reduce(text) { $0.replacing($1.text, with: $1.name) }
    if Self.userAndHost.count > 32 {
      let cut = NSRegularExpression.escapedPattern(for: String(Self.userAndHost.prefix(27))) + "-[0-9a-f]{4}"
      known = known.replacingOccurrences(of: cut, with: "{user@host}", options: .regularExpression)
    }
    return Self.patterns.reduce(known) { text, rule in
      text.replacingOccurrences(of: rule.1, with: rule.0, options: .regularExpression)
    }
  }

  /// The names that stand for secrets.
  static let secretNames = ["{token}", "{sign-in token}", "{secret}", "{secret of alice}", "{secret of bob}"]

  /// The default name of a role's session.
  private static var userAndHost: String {
    var system = utsname()
    uname(&system)
    let host = withUnsafeBytes(of: system.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return "\(NSUserName())@\(host)"
  }
}

extension RecordedCall {
  /// Like `GetSessionToken by user/alice with long-term key and MFA code, DurationSeconds=43200: ok`.
  var line: String {
    let who = principal.map { String($0.split(separator: ":").last ?? "") } ?? "nobody"
    let code = hasMFACode ? " and MFA code" : ""
    let asked = parameters.sorted { $0.key < $1.key }.map { ", \($0.key)=\($0.value)" }.joined()
    return "\(action) by \(who) with \(credentials?.rawValue ?? "no key")\(code)\(asked): \(outcome)\n"
  }
}
