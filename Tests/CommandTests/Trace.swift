import Foundation
import TestSupport

/// What strace saw of a command and all its processes: which programs were started how, and what was made or opened for
/// writing.
struct Trace {
  /// Of other users' processes that hide their memory only root sees the strings.
  static let isPossible: Bool = {
    guard geteuid() == 0, Installed.has("strace") else { return false }
    let outcome = try? Launch("/usr/bin/strace", ["-f", "--seccomp-bpf", "-o", "/dev/null", "/bin/true"]).run()
    return outcome?.status == .exited(0)
  }()

  private let lines: [Substring]

  init(of text: String) { lines = text.split(separator: "\n") }

  /// The arguments of every program that was started, as strace quotes them.
  var arguments: [String] {
    executions.compactMap { $0.split(separator: "], [", maxSplits: 1).first.map(String.init) }
  }

  /// The environments of the processes that talked to the keyring.
  var workerEnvironments: [String] {
    executions.filter { $0.contains("\"keyring-worker\"") }.compactMap { line in
      line.split(separator: "], [", maxSplits: 1).dropFirst().first.map(String.init)
    }
  }

  /// The paths that calls made or opened for writing.
  var written: [String] {
    lines.filter(Self.writes).flatMap { (line: Substring) -> [String] in
      let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
      return stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) }
    }
  }

  private static func writes(_ line: Substring) -> Bool {
    guard !line.contains(" = -1 "), !line.contains("execve(") else { return false }
    return !line.contains("open") || ["O_WRONLY", "O_RDWR", "O_CREAT"].contains { line.contains($0) }
  }

  private var executions: [Substring] { lines.filter { $0.contains("execve(") && !$0.contains(" = -1 ") } }
}

extension Launch {
  /// The same under strace, which writes to `file`.
  func traced(to file: String) -> Launch {
    var launch = self
    let calls = "execve,execveat,open,openat,creat,mkdir,mkdirat,mknod,mknodat,link,linkat,symlink,symlinkat,rename,"
    let options = ["-f", "-qq", "--seccomp-bpf", "-v", "-s", "100000", "-e", "signal=none", "-o", file]
    launch.arguments = options + ["-e", "trace=\(calls)renameat,renameat2", path] + arguments
    launch.path = "/usr/bin/strace"
    return launch
  }
}
