import Foundation
import TestSupport

/// A command under strace(1), which can kill it, or the keyring worker it starts, before any of its system calls.
struct SystemCallTrace {
  let command: String
  let environment: [String: String]
  let input: String
  let log: String

  /// A system call: the how manieth of its name.
  struct Boundary: Hashable, CustomStringConvertible {
    let name: String
    let number: Int
    var killed = Killed.command

    enum Killed { case command, worker }

    var description: String { "\(killed)'s \(name) \(number)" }
  }

  /// The calls that the command makes in a run to the end.
  func boundaries() throws -> [Boundary] {
    try runToTheEnd([])
    return try calls().map { Boundary(name: $0.name, number: $0.number) }
  }

  /// Those of the keyring worker, as far as it is the first of the processes to make a call of that name so often: strace
  /// counts for each thread of its own, and ends the first that comes so far.
  func workerBoundaries() throws -> [Boundary] {
    try runToTheEnd(["-f"])
    let calls = try calls()
    var seen: Set<Boundary> = []
    return calls.compactMap { call in
      let boundary = Boundary(name: call.name, number: call.number, killed: .worker)
      let isFirst = seen.insert(boundary).inserted
      return isFirst && call.thread != calls.first?.thread ? boundary : nil
    }
  }

  /// Runs the command, and kills what `boundary` says; false where it was not reached.
  func kill(at boundary: Boundary) throws -> Bool {
    let injection = "inject=\(boundary.name):signal=KILL:when=\(boundary.number)"
    switch boundary.killed {
    case .command: return run(["-e", injection]) != 0
    case .worker:
      _ = run(["-f", "-e", injection])
      return try calls().contains { $0.name == boundary.name && $0.number == boundary.number }
    }
  }

  /// Runs the command with one of its calls failing, and gives its exit status and what it said.
  func fail(at boundary: Boundary, with error: String) -> (status: Int32, errors: String) {
    let child = start(["-e", "inject=\(boundary.name):error=\(error):when=\(boundary.number)"])
    return (child.wait(), child.errors)
  }

  /// The calls in a log of one process.
  static func boundaries(in text: String) -> [Boundary] {
    calls(in: text).map { Boundary(name: $0.name, number: $0.number) }
  }

  private func calls() throws -> [(thread: Substring, name: String, number: Int)] {
    Self.calls(in: try String(contentsOfFile: log, encoding: .utf8))
  }

  /// What a log tells, in its order; `thread` is empty where one process only was traced.
  private static func calls(in text: String) -> [(thread: Substring, name: String, number: Int)] {
    var numbers: [Substring: [String: Int]] = [:]
    return text.split(separator: "\n").compactMap { line in
      let thread = line.prefix { $0.isNumber }
      let call = line[thread.endIndex...].drop { $0 == " " }
      guard let end = call.firstIndex(of: "("), call.first?.isLetter == true else { return nil }
      let name = String(call[..<end])
      numbers[thread, default: [:]][name, default: 0] += 1
      return (thread, name, numbers[thread]?[name] ?? 0)
    }
  }

  private func runToTheEnd(_ options: [String]) throws {
    let status = run(options)
    guard status == 0 else { throw SetupFailure("\(command) under strace: \(status)") }
  }

  private func run(_ options: [String]) -> Int32 { start(options).wait() }

  private func start(_ options: [String]) -> ChildProcess {
    ChildProcess(
      ["strace", "-o", log] + options + ["sh", "-c", "exec \(command)"], environment: environment, input: input)
  }
}
