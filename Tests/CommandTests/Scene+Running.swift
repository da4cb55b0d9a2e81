import AWSDouble
import Foundation
import TestSupport

extension Scene {
  /// A shell command in this scene, without a terminal; `{code}` and `{home}` are filled in by `run`.
  func launch(_ command: String) -> Launch {
    var launch = Launch("/bin/sh", ["-c", command], environment: environment.map { "\($0.key)=\($0.value)" })
    launch.session = .own
    launch.folder = home
    return launch
  }

  /// Runs a shell command in which `daypass` is the built binary.
  @discardableResult
  func run(_ command: String, input: String = "", environment: [String: String] = [:]) throws -> Launch.Outcome {
    var launch = launch(try filled(command))
    for (name, value) in environment {
      launch.environment.removeAll { $0.starts(with: Array("\(name)=".utf8)) }
      launch.environment.append(Array("\(name)=\(value)".utf8))
    }
    launch.input = scratch.write(input, to: "input")
    defer { try? FileManager.default.removeItem(atPath: launch.input) }
    return try launch.run()
  }

  /// The same, watched by strace where that is possible.
  func runTraced(_ command: String, input: String) throws -> (Launch.Outcome, Trace?) {
    var launch = launch(try filled(command))
    launch.input = scratch.write(input, to: "input")
    defer { try? FileManager.default.removeItem(atPath: launch.input) }
    guard Trace.isPossible else { return (try launch.run(), nil) }
    let folder = ScratchFolder()
    let outcome = try launch.traced(to: folder.path("trace")).run()
    return (outcome, Trace(of: try folder.text(of: "trace")))
  }

  /// Runs a command that is to succeed.
  @discardableResult
  func prepare(_ command: String) throws -> String {
    let outcome = try run(command)
    guard outcome.status == .exited(0) else { throw SetupFailure("\(command): \(outcome.errorText)") }
    return outcome.outputText
  }

  /// A program on a terminal of its own; a shell where it is a shell command.
  func terminal(_ command: String, within seconds: Int = 60) throws -> PseudoTerminal {
    try PseudoTerminal(launch(try filled(command)), within: seconds)
  }

  /// The names of the calls that came, in order.
  var actions: [String] { double.calls.map(\.action) }

  func filled(_ text: String) throws -> String {
    var text = text.replacing("{home}", with: home).replacing("{device}", with: Self.device)
    if text.contains("{code}") { text = text.replacing("{code}", with: try useCode()) }
    return text
  }
}
