import Glibc
import TestSupport
import Testing

@testable import Delivery

/// Every case twice: as the search before credentials are asked for says, and as the kernel says in the end.
struct CommandSearchTests {
  enum Moment: String, CaseIterable { case before, atTheEnd }

  struct Case: CustomTestStringConvertible, Sendable {
    let command: String
    let status: Int32
    let error: String
    var path = "PATH=first:/nonexistent:second"
    var testDescription: String { "\(command) with \(path)" }
  }

  private static let permission = "reason: Delivery.DeliveryError.NotExecutable.noPermission"
  private static let directory = "reason: Delivery.DeliveryError.NotExecutable.directory"

  static let cases = [
    Case(command: "nosuch", status: 127, error: #"commandNotFound("nosuch")"#),
    Case(command: "", status: 127, error: #"commandNotFound("")"#),
    Case(command: "./nosuch", status: 127, error: #"commandNotFound("./nosuch")"#),
    Case(command: "first/plain/x", status: 127, error: #"commandNotFound("first/plain/x")"#),
    Case(command: "plain", status: 126, error: #"path: "first/plain", "# + permission),
    Case(command: "first/plain", status: 126, error: #"path: "first/plain", "# + permission),
    Case(command: "folder", status: 126, error: #"path: "first/folder", "# + directory),
    Case(command: ".", status: 126, error: directory),
    Case(command: "tool", status: 7, error: ""),
    Case(command: "second/tool", status: 7, error: ""),
    Case(command: "noline", status: 9, error: ""),
    Case(command: "here", status: 127, error: #"commandNotFound("here")"#),
    Case(command: "here", status: 5, error: "", path: "PATH=first:"),
    Case(command: "here", status: 5, error: "", path: "PATH=:first"),
    Case(command: "here", status: 5, error: "", path: "PATH="),
    Case(command: "sh", status: 0, error: "", path: "NOPATH=1"),
  ]

  @Test(arguments: cases, Moment.allCases)
  func `a command is found as execvp finds it`(_ example: Case, moment: Moment) throws {
    let outcome = try run(example, moment)
    #expect(outcome.status == .exited(example.status), "\(outcome.errorText)")
    #expect(example.error.isEmpty ? outcome.errors.isEmpty : outcome.errorText.contains(example.error))
  }

  @Test func `a missing interpreter is told from a missing command`() throws {
    let outcome = try run(Case(command: "orphan", status: 126, error: ""), .before)
    #expect(outcome.status == .exited(126))
    #expect(outcome.errorText.contains(#"path: "second/orphan", reason: Delivery.DeliveryError.NotExecutable.interp"#))
  }

  @Test func `an environment that is too large for the kernel is said to be`() throws {
    let outcome = try Launch(
      try builtProgram("Probe"), ["exec", "true"], environment: ["PATH=/bin", "PROBE_TOKEN_LENGTH=200000"]
    ).run()
    #expect(outcome.status == .exited(126))
    #expect(outcome.errorText.contains("argumentsTooLong"))
  }

  private func run(_ example: Case, _ moment: Moment) throws -> Launch.Outcome {
    let folder = ScratchFolder()
    let first = folder.makeFolder("first")
    let second = folder.makeFolder("second")
    folder.write("#!/bin/sh\nexit 5\n", to: "here", mode: 0o755)
    folder.write("", to: "first/plain", mode: 0o644)
    folder.makeFolder("first/folder")
    folder.write("#!/bin/sh\nexit 6\n", to: "first/tool", mode: 0o644)
    folder.write("#!/bin/sh\nexit 7\n", to: "second/tool", mode: 0o755)
    folder.write("exit $(($1 + 8))\n", to: "second/noline", mode: 0o755)
    folder.write("#!/nonexistent/interpreter\n", to: "second/orphan", mode: 0o755)
    defer {
      for file in ["first/plain", "first/tool", "second/tool", "second/noline", "second/orphan"] {
        unlink(folder.path + "/" + file)
      }
      _ = [rmdir(first + "/folder"), rmdir(first), rmdir(second)]
    }
    let skip = moment == .atTheEnd ? ["PROBE_SKIP_CHECK=1"] : []
    var launch = Launch(
      try builtProgram("Probe"), ["exec", example.command, "1"], environment: [example.path] + skip)
    if example.command == "sh" { launch.arguments = ["exec", "sh", "-c", "exit 0"] }
    launch.folder = folder.path
    return try launch.run()
  }
}
