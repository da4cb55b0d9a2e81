import AWSDouble
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: PrivateKeyring.isInstalled, "gnome-keyring, dbus-daemon or secret-tool is not installed"))
struct CaseTests {
  /// `DAYPASS_RECORD=name swift test --filter CaseTests` writes what came into that case's folder; `all` into all.
  private static let recorded = ProcessInfo.processInfo.environment["DAYPASS_RECORD"] ?? ""

  @Test(arguments: CommandCase.all)
  func `the command does what its case says`(testCase: CommandCase) throws {
    let scene = try Scene(of: testCase)
    let given = Set(try SecretSweep(scene).files())
    let arguments = try #require(testCase.text("arguments")).trimmingCharacters(in: .newlines)
    let (outcome, trace) = try scene.runTraced("exec daypass \(arguments)", input: testCase.text("stdin") ?? "")
    let results = try results(of: outcome, in: scene, config: testCase.text("config") ?? "")
    for (file, text) in results.sorted(by: { $0.key < $1.key }) {
      if Self.recorded == "all" || testCase.name == Self.recorded { try testCase.write(text, to: file) }
      #expect(text == testCase.text(file) ?? "", "\(testCase.name)/\(file)")
    }
    LeakTally.record(testCase.name, try leaks(of: outcome, trace, in: scene, except: given, testCase))
  }

  /// `--debug` adds lines to stderr, and neither secrets nor anything else.
  @Test(arguments: CommandCase.all.filter(\.takesDebug))
  func `debugging tells more on stderr and changes nothing`(testCase: CommandCase) throws {
    let scene = try Scene(of: testCase)
    let given = Set(try SecretSweep(scene).files())
    scene.environment["G_MESSAGES_DEBUG"] = "all"
    let words = try #require(testCase.text("arguments")).split(separator: " ", maxSplits: 1)
    let rest = words.dropFirst().joined().trimmingCharacters(in: .newlines)
    let command = "exec daypass \(words[0].trimmingCharacters(in: .newlines)) --debug \(rest)"
    let outcome = try scene.run(command, input: testCase.text("stdin") ?? "")
    let results = try results(of: outcome, in: scene, config: testCase.text("config") ?? "")
    for (file, text) in results {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let usual = lines.filter { !$0.hasPrefix("daypass: debug: ") }.joined(separator: "\n")
      #expect(usual == testCase.text(file) ?? "", "\(testCase.name)/\(file)")
    }
    LeakTally.record(testCase.name + " --debug", try leaks(of: outcome, nil, in: scene, except: given, testCase))
  }

  /// The places where a secret could be, and which were found there.
  private func leaks(
    of outcome: Launch.Outcome, _ trace: Trace?, in scene: Scene, except given: Set<String>, _ testCase: CommandCase
  ) throws -> [String: [String]] {
    let sweep = SecretSweep(scene)
    let meant = Mask.secretNames.contains { testCase.text("stdout")?.contains($0) ?? false }
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
    for (index, variables) in trace.workerEnvironments.enumerated() {
      places["worker \(index)"] = sweep.leaks(in: Array(variables.utf8)) + (variables.contains("AWS_") ? ["AWS_"] : [])
    }
    places["other files"] = trace.written.filter { !$0.hasPrefix(scene.scratch.path) && !$0.isOfDaypass }
    return places
  }

  /// What came, by the names of the files that say what has to come.
  private func results(of outcome: Launch.Outcome, in scene: Scene, config: String) throws -> [String: String] {
    let mask = Mask(scene)
    let configAfter = FileManager.default.contents(atPath: scene.home + "/.aws/config") ?? Data()
    let after = String(decoding: configAfter, as: UTF8.self)
    return [
      "stdout": mask(outcome.outputText), "stderr": mask(outcome.errorText),
      "status": outcome.status == .exited(0) ? "" : "\(outcome.status)\n",
      "calls": mask(scene.double.calls.map(\.line).joined()), "config-after": after == config ? "" : after,
    ]
  }
}

extension String {
  /// What daypass writes beside the scene: nowhere, or on the terminal; and names of files in a folder of the config.
  fileprivate var isOfDaypass: Bool {
    ["/dev/null", "/dev/tty", "/dev/full"].contains(self) || !hasPrefix("/")
  }
}

// MARK: - Command case

/// A folder of `Cases`: what is there before, the command line, and what has to come of it.
///
/// Before: `config`, `credentials`, `home/…` (copied to HOME), `keys` (`alice`, or `work=alice` for her key under another
/// name, a line each), `account` (see `Scene.change`), `faults` (the JSON of the double's control API), `setup` (shell
/// commands, which must succeed), `environment` (`NAME=value` a line). The command: `arguments` (as a shell reads them),
/// `stdin`. What has to come: `stdout`, `stderr`, `status`, `calls`, `config-after`. Absent files mean nothing, or 0.
///
/// In commands `{code}` is a code of alice's MFA device; expected texts are compared after `Mask`.
struct CommandCase: CustomTestStringConvertible, Sendable {
  let name: String
  private let folder: URL

  var testDescription: String { name }

  static let all: [CommandCase] = {
    let cases = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: cases.path)) ?? []
    return names.sorted().map { CommandCase(name: $0, folder: cases.appending(path: $0)) }
  }()

  func text(_ file: String) -> String? {
    try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
  }

  func lines(_ file: String) -> [String] {
    (text(file) ?? "").split(separator: "\n").map(String.init)
  }

  /// Whether the command is one that knows `--debug`.
  var takesDebug: Bool {
    let commands = [
      "add", "clear", "credential-process", "exec", "export", "list", "list-buckets", "remove", "scenario", "whoami",
    ]
    return commands.contains { text("arguments")?.split(whereSeparator: \.isWhitespace).first == $0[...] }
  }

  /// The files for HOME beside `config` and `credentials`.
  var homeFiles: [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: folder.appending(path: "home").path)) ?? []
  }

  /// Writes what came as what is expected; for new cases, to be read before it is committed.
  func write(_ text: String, to file: String) throws {
    let url = folder.appending(path: file)
    if text.isEmpty { try? FileManager.default.removeItem(at: url) } else { try Data(text.utf8).write(to: url) }
  }
}

// MARK: - Case

extension Scene {
  /// The scene that a case describes.
  convenience init(of testCase: CommandCase) throws {
    try self.init(config: testCase.text("config"))
    for line in testCase.lines("keys") {
      let parts = line.split(separator: "=").map(String.init)
      try storeKey(of: parts[parts.count - 1], as: parts[0])
    }
    if let credentials = testCase.text("credentials") { scratch.write(credentials, to: "home/.aws/credentials") }
    for file in testCase.homeFiles { scratch.write(testCase.text("home/" + file) ?? "", to: "home/" + file) }
    for line in testCase.lines("account") { try change(line) }
    for command in testCase.lines("setup") { try prepare(command) }
    double.forgetCalls()
    if let faults = testCase.text("faults") { try double.fail(json: Data(faults.utf8)) }
    for line in testCase.lines("environment") {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      environment[parts[0]] = try filled(parts[1])
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
    case "denied": double.account[user: words[1]]?.deniedActions = [words[2]]
    default: throw SetupFailure("no change is named \(words[0])")
    }
  }
}

// MARK: - Mask

/// Writes a name in braces for what differs from run to run, so that the rest of a text can be compared.
struct Mask {
  private let fixed: [(text: String, name: String)]

  init(_ scene: Scene) {
    let port = scene.double.url.split(separator: ":").last.map(String.init) ?? ""
    let secrets = Account.demo.users.flatMap { user in user.keys.map { ($0.secret, "{secret of \(user.name)}") } }
    fixed = [(scene.home, "{home}"), (Self.userAndHost, "{user@host}"), ("127.0.0.1:\(port)", "{double}")] + secrets
  }

  /// What the double's random values look like, and times; see `IssuedSession`.
  private static let patterns = [
    ("{token}", "IQoJb3JpZ2luX2Vj//[A-Za-z0-9+/]{300}\\+/=="),
    ("{secret}", "(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{38}/\\+"),
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
    let known = fixed.reduce(text) { $0.replacing($1.text, with: $1.name) }
    return Self.patterns.reduce(known) { text, rule in
      text.replacingOccurrences(of: rule.1, with: rule.0, options: .regularExpression)
    }
  }

  /// The names that stand for secrets.
  static let secretNames = ["{token}", "{secret}", "{secret of alice}", "{secret of bob}"]

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
