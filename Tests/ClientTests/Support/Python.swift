import Foundation
import TestSupport
import Testing

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

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
}
