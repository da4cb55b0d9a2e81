import AWSDouble
import Foundation
import TestSupport
import Testing

/// A user's machine: a home with config files, a real keyring, daypass and the clients on PATH, AWS on loopback.
final class ClientWorld {
  static let isInstalled = Python.isInstalled && PrivateKeyring.isInstalled
  static let isMissing: Comment = "needs gnome-keyring, and boto3, the AWS CLI and moto in .build/python: run make test"

  private let keyring: PrivateKeyring
  private let scratch = ScratchFolder()
  private var environment: [String: String]

  init(endpoint: String, config: String) throws {
    keyring = try PrivateKeyring()
    environment = keyring.environment
    let programs = [Python.program("python3"), try builtProgram("daypass")].map { path in
      URL(filePath: path).deletingLastPathComponent().path
    }
    environment["PATH"] = (programs + ["/usr/bin", "/bin"]).joined(separator: ":")
    environment["AWS_ENDPOINT_URL"] = endpoint
    environment["AWS_CONFIG_FILE"] = scratch.write(config, to: "config")
    environment["AWS_EC2_METADATA_DISABLED"] = "true"
    environment["LOG"] = scratch.path("log")
  }

  /// A file for a client to write to.
  func path(_ name: String) -> String { scratch.path(name) }

  /// The lines that clients have added to `$LOG`.
  var log: [String] {
    let text = try? scratch.text(of: "log")
    return (text ?? "").split(separator: "\n").map(String.init)
  }

  /// Runs a shell script, with the words as `$1` and so on, in a session without a terminal.
  func sh(_ script: String, _ words: [String] = [], with variables: [String: String] = [:]) throws -> Launch.Outcome {
    let entries = environment.merging(variables) { $1 }.map { "\($0)=\($1)" }
    return try Launch("/usr/bin/setsid", ["--wait", "sh", "-c", script, "sh"] + words, environment: entries)
      .run(within: 60)
  }

  /// A shell script on a terminal of its own.
  func terminal(_ script: String) throws -> PseudoTerminal {
    let entries = environment.merging(["TERM": "xterm", "LC_ALL": "C.UTF-8"]) { $1 }.map { "\($0)=\($1)" }
    return try PseudoTerminal(Launch("/bin/sh", ["-c", script], environment: entries))
  }

  /// Runs a shell script that has to succeed, and gives what it printed.
  @discardableResult
  func output(of script: String, _ words: [String] = [], with variables: [String: String] = [:]) throws -> String {
    let outcome = try sh(script, words, with: variables)
    guard outcome.status == .exited(0) else {
      throw SetupFailure("\(script): \(outcome.status)\n\(outcome.errorText)\(outcome.outputText)")
    }
    return outcome.outputText
  }

  /// Keeps a key in the keyring; its profile may be in the config already.
  @discardableResult
  func add(_ profile: String, keyID: String, secret: String, _ options: String = "") throws -> Launch.Outcome {
    try sh(
      "exec daypass add \"$1\" --env \(options)", [profile],
      with: ["AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": secret])
  }

  /// The answer of a Python script, run by itself or by what stands before it on a command line.
  func answer<Answer: Decodable>(
    of script: String, _ arguments: String = "", under prefix: String = "", with variables: [String: String] = [:],
    as type: Answer.Type = Answer.self
  ) throws -> Answer {
    let text = try output(of: "\(prefix) python3 \"$1\" \(arguments)", [Python.script(script)], with: variables)
    return try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}

// MARK: - Client fixture

/// A world whose AWS is our own double, with the keys of alice, who needs MFA for S3, and bob, who does not.
final class ClientFixture {
  static let device = "arn:aws:iam::123456789012:mfa/alice"
  static let buckets = ["demo-backups", "demo-logs", "demo-website"]
  let aws: AWSDouble
  let world: ClientWorld

  init() throws {
    aws = try AWSDouble.start()
    world = try ClientWorld(endpoint: aws.url, config: Self.config)
    for user in aws.account.users {
      let key = user.keys[0]
      try world.add(user.name, keyID: key.id, secret: key.secret, "--no-verify")
    }
  }

  deinit { try? aws.stop() }

  /// Calls of an action that were carried out.
  func count(_ action: Action) -> Int {
    aws.calls.count { $0.action == action.rawValue && $0.outcome == "ok" }
  }

  /// Gets and caches the session that a profile of alice's needs, as she would in a terminal.
  func open(_ profile: String) throws {
    let code = aws.code(for: Self.device) ?? "none"
    try world.output(of: "daypass exec \(profile) --mfa-code \(code) -- true")
  }

  private static let config = """
    [profile alice]
    mfa_serial = \(device)
    region = us-east-1
    [profile readonly]
    role_arn = arn:aws:iam::123456789012:role/ReadOnly
    role_session_name = tester
    source_profile = alice
    region = us-east-1
    [profile bob]
    region = us-east-1
    [profile sdk]
    credential_process = daypass credential-process readonly
    region = us-east-1
    [profile sdk-logged]
    credential_process = sh -c "echo started >> $LOG; exec daypass credential-process bob"
    region = us-east-1
    [profile sdk-key]
    credential_process = daypass credential-process bob --no-session
    region = us-east-1

    """
}

/// What caller.py says.
struct CallerReport: Decodable, Equatable {
  /// boto3's name of the place where it found credentials.
  let source: String
  let keyID: String
  let arn: String
  let buckets: [String]
}

// MARK: - Python

/// The Python environment with boto3, the AWS CLI and moto, which `.ci/setup test` makes in `.build/python`.
enum Python {
  static let isInstalled = FileManager.default.isExecutableFile(atPath: program("python3"))
  static let isMissing: Comment = "needs boto3, the AWS CLI and moto in .build/python: run make test"

  /// An executable of the environment, such as `aws`.
  static func program(_ name: String) -> String {
    folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/python/bin/\(name)").path
  }

  /// One of the scripts beside these tests.
  static func script(_ name: String) -> String {
    folder.appending(path: "Python/\(name).py").path
  }

  /// A script's answers to `cases`, a line each.
  static func answers<Case: Encodable, Answer: Decodable>(
    to cases: [Case], from name: String, _ arguments: String..., as: Answer.Type = Answer.self
  ) throws -> [Answer] {
    let scratch = ScratchFolder()
    let lines = try cases.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + "\n" }
    let file = scratch.write(lines.joined(), to: "cases")
    let outcome = try Launch(program("python3"), [script(name)] + arguments + [file]).run(within: 120)
    guard outcome.status == .exited(0) else { throw SetupFailure(outcome.errorText) }
    return try outcome.outputText.split(separator: "\n").map { line in
      try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
    }
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
}
