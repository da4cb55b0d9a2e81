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
