import AWSDouble
import Foundation
import TestSupport
import Testing

/// README, typed from its first line to its last by somebody new, who answers what is asked.
@Suite(
  .keyring, .enabled(if: Installed.has("bash", "zsh", "fish"), "bash, zsh and fish are not all installed"))
struct ReadmeTests {
  @Test(arguments: ["bash", "zsh", "fish"])
  func `every command in README works as it stands there`(shell: String) throws {
    let reader = try Newcomer(shell)
    let commands = try Readme().commands.compactMap { $0.forShell(shell) }
    for command in commands {
      let status = try reader.type(command)
      // By now AWS's clock is minutes ahead, which doctor notices.
      #expect(
        status == (command == "daypass doctor" ? 1 : 0), "\(command): \(reader.terminal.transcript.suffix(2_000))")
      guard status != nil else { break }
    }
    #expect(commands.count > 25)
    publish(figure: "commands of README typed in \(shell)", commands.count)
  }
}

extension String {
  /// The line that sets up a shell: bash's is "the same with zsh", and fish has one of its own.
  fileprivate func forShell(_ shell: String) -> String? {
    guard let named = firstMatch(of: /daypass init (bash|fish)/)?.1 else { return self }
    return (named == "fish") == (shell == "fish") ? replacing("init bash", with: "init \(shell)") : nil
  }
}

// MARK: - Readme

/// What README has to be typed.
private struct Readme {
  /// In order, each once.
  let commands: [String]

  init() throws {
    let file = URL(filePath: #filePath).appending(path: "../../../README.md").standardized
    let parts = try String(contentsOf: file, encoding: .utf8).split(separator: "```", omittingEmptySubsequences: false)
    var commands: [String] = []
    for (number, part) in parts.enumerated() {
      // Every second part is a block, which begins with its language.
      let found =
        number.isMultiple(of: 2)
        ? part.matches(of: /`([^`]+)`/).map { String($0.1).replacing("\n", with: " ") }
        : part.split(separator: "\n").filter { $0.hasPrefix("$ ") }.map {
          String($0.dropFirst(2)).replacing(/\s+#\s.*$/, with: "")
        }
      for text in found where text.isCommand && !commands.contains(text) { commands.append(text) }
    }
    self.commands = commands
  }
}

extension String {
  /// `daypass …`, or a line of a shell with it.
  fileprivate var isCommand: Bool {
    (hasPrefix("daypass ") && !hasPrefix("daypass: ")) || (hasPrefix("eval ") && contains("$(daypass "))
  }
}

// MARK: - Newcomer

/// Somebody with two IAM users, a role and a browser, at a terminal.
private final class Newcomer {
  let terminal: PseudoTerminal
  private let scene: Scene
  private let shell: String

  private static let config = """
    [profile readonly]
    role_arn = arn:aws:iam::123456789012:role/ReadOnly
    source_profile = alice
    region = eu-west-1

    [profile prod]
    role_arn = arn:aws:iam::123456789012:role/Deploy
    source_profile = me
    region = eu-west-1

    [profile dev]
    region = eu-west-1

    [profile admin]
    region = eu-west-1

    """

  init(_ shell: String) throws {
    scene = try Scene(config: Self.config)
    self.shell = shell
    try scene.prepareBrowser()
    try scene.storeKey(of: "admin")
    scene.double.account.update(role: "Deploy") { $0.trusts.insert("arn:aws:iam::123456789012:user/team/bob") }
    // Codes are good once, so the clock goes on by half a minute for each.
    scene.double.account.allowedSkew = 3600
    for program in ["aws", "terraform", "docker"] {
      scene.scratch.write("#!/bin/sh\ntest -n \"$AWS_SESSION_TOKEN\"\n", to: "bin/\(program)", mode: 0o700)
    }
    scene.scratch.write(#"{"Version":"2012-10-17","Statement":[]}"#, to: "home/policy.json")
    scene.environment["DAYPASS_FEDERATION_URL"] = scene.double.url
    (scene.environment["TERM"], scene.environment["LC_ALL"]) = ("xterm", "C.UTF-8")
    let options = ["bash": "--norc --noprofile --noediting", "zsh": "-f +o zle", "fish": "--no-config"]
    terminal = try PseudoTerminal(
      scene.launch("exec \(shell) \(options[shell] ?? "") -i"), columns: 200, rows: 50, within: 120)
  }

  /// Types a command, answers what it asks, and gives its exit status.
  func type(_ command: String) throws -> Int? {
    let line = command.replacing("PROFILE", with: "me").replacing("CMD", with: "true")
      .replacing("FILE", with: "~/policy.json")
    try terminal.send(line + "; echo \"ended\" \(shell == "fish" ? "$status" : "$?")\n")
    while true {
      let question = try terminal.expect(anyOf: ["ended "] + Self.questions)
      if question == "ended " { return Int(try terminal.expect("\r\n")) }
      try terminal.send(try answer(to: question, of: command) + "\n")
    }
  }

  private static let questions = [
    "Access key ID: ", "Secret access key (hidden): ", "[none]: ", "region of Identity Center: ", "start URL: ",
    "[Y/n] ", "[y/N] ", "MFA code for ",
    "MFA code 1 of 2 (changes in ", "MFA code 2 of 2 (appears ", "next MFA code (appears ", "leave it with 'exit'",
  ]

  private func answer(to question: String, of command: String) throws -> String {
    switch question {
    case "Access key ID: ": return try key(for: command).id
    case "Secret access key (hidden): ": return try key(for: command).secret
    case "[none]: ", "region of Identity Center: ": return "eu-west-1"
    case "start URL: ": return "https://d-abc123.awsapps.com/start"
    case "[Y/n] ", "[y/N] ": return "y"
    case "leave it with 'exit'": return "exit"
    case "MFA code for ": return try code(of: try terminal.expect(": "))
    default: return try newDeviceCode()
    }
  }

  private func key(for command: String) throws -> AccessKey {
    guard let key = scene.double.account[user: command.contains("alice") ? "alice" : "bob"]?.keys.first else {
      throw SetupFailure("no key")
    }
    return key
  }

  private func code(of device: String) throws -> String {
    if let code = scene.double.code(for: device) { return code }
    scene.double.clock = scene.double.clock.advanced(by: 30)
    guard let code = scene.double.code(for: device) else { throw SetupFailure("no code of \(device)") }
    return code
  }

  /// A code of the device that was made last, of the half minute after that of the code before.
  private func newDeviceCode() throws -> String {
    scene.double.clock = scene.double.clock.advanced(by: 30)
    let account = scene.double.account
    let assigned = account.users.flatMap(\.mfaDevices).map(\.serial).filter { $0 != Scene.device }
    let device =
      account.unassignedMFADevices.last?.serial ?? assigned.first { $0.contains("scenario") } ?? assigned.last
    guard let device, let code = scene.double.code(for: device, step: 0) else { throw SetupFailure("no device") }
    return code
  }
}
