import Foundation
import TestSupport

/// A shell that daypass has completions for, run for real.
enum CompletingShell: String, CaseIterable {
  case bash, zsh, fish

  static let areInstalled = Installed.has("bash", "zsh", "fish")

  /// The file that is installed.
  var completions: String {
    switch self {
    case .bash: "daypass.bash"
    case .zsh: "_daypass"
    case .fish: "daypass.fish"
    }
  }

  /// What is offered at the end of each line.
  func offers(for lines: [String], in world: CompletionWorld) throws -> [[String]] {
    world.home.write(lines.map { $0 + "\n" }.joined(), to: "lines")
    try complete(in: world)
    let answers = try world.home.text(of: "results").split(separator: "\n", omittingEmptySubsequences: true)
      .split(separator: "==", omittingEmptySubsequences: false).map { $0.map(String.init) }
    guard answers.count == lines.count + 1 else { throw SetupFailure("\(rawValue) gave \(answers)") }
    return answers.dropLast()
  }

  func offers(for line: String, in world: CompletionWorld) throws -> [String] {
    try offers(for: [line], in: world)[0]
  }

  private func complete(in world: CompletionWorld) throws {
    let script = Project.path("Tests/ManualTests/Shells/complete.\(rawValue)")
    switch self {
    case .bash: try run(world.launch(rawValue, ["--norc", "--noprofile", script]))
    case .fish: try run(world.launch(rawValue, ["--no-config", script]))
    case .zsh:
      world.home.write(try Project.text("Tests/ManualTests/Shells/complete.zsh"), to: ".zshrc")
      // Its completions live in its line editor, which needs a terminal.
      let terminal = try PseudoTerminal(world.launch(rawValue, ["-d", "-i"]))
      _ = try terminal.waitForExit()
    }
  }

  private func run(_ launch: Launch) throws {
    let outcome = try launch.run()
    guard outcome.status == .exited(0), outcome.errors.isEmpty else {
      throw SetupFailure("\(rawValue): \(outcome.status), \(outcome.errorText)")
    }
  }
}
