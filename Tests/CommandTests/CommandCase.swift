import Foundation
import Testing

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
