import Foundation
import TestSupport

/// A command under strace(1), which can kill it before any of its system calls.
struct SystemCallTrace {
  let command: String
  let environment: [String: String]
  let input: String
  let log: String

  /// A system call: the how manieth of its name.
  struct Boundary: Hashable, CustomStringConvertible {
    let name: String
    let number: Int

    var description: String { "\(name) \(number)" }
  }

  /// The calls of a run to the end.
  func boundaries() throws -> [Boundary] {
    let status = run([])
    guard status == 0 else { throw SetupFailure("\(command) under strace: \(status)") }
    return Self.boundaries(in: try String(contentsOfFile: log, encoding: .utf8))
  }

  /// The calls in a log of one process.
  static func boundaries(in text: String) -> [Boundary] {
    var numbers: [String: Int] = [:]
    return text.split(separator: "\n").compactMap { line -> Boundary? in
      guard let end = line.firstIndex(of: "("), line.first?.isLetter == true else { return nil }
      let name = String(line[..<end])
      numbers[name, default: 0] += 1
      return Boundary(name: name, number: numbers[name] ?? 0)
    }
  }

  /// Runs the command and kills it at `boundary`; false where it came to its end instead.
  func kill(at boundary: Boundary) -> Bool {
    run(["-e", "inject=\(boundary.name):signal=KILL:when=\(boundary.number)"]) != 0
  }

  private func run(_ options: [String]) -> Int32 {
    ChildProcess(
      ["strace", "-o", log] + options + ["sh", "-c", "exec \(command)"], environment: environment, input: input
    ).wait()
  }
}
