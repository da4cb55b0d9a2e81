import Glibc

/// Where a command's program is looked for, in the order and by the rules of execvp(3).
///
/// `check` looks before credentials are asked for; what counts in the end is the kernel's answer to execve(2), which
/// `ProcessReplacement` gets for the same candidates.
package struct ExecutableSearch: Sendable {
  /// What the user typed.
  package let command: [UInt8]
  /// Paths to try, the first that runs wins.
  package let candidates: [[UInt8]]

  /// `environment` is the user's: the command is found as the user's shell would find it.
  package init(for command: [UInt8], in environment: EnvironmentBlock) {
    self.command = command
    guard !command.isEmpty, !command.contains(UInt8(ascii: "/")) else {
      candidates = command.isEmpty ? [] : [command]
      return
    }
    let path = environment.value(of: "PATH") ?? Array("/bin:/usr/bin".utf8)
    candidates = path.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { folder in
      // An empty entry is the current folder; `./` keeps a script's name from being taken for an option.
      folder.isEmpty ? Array("./".utf8) + command : folder + [UInt8(ascii: "/")] + command
    }
  }

  /// - Throws: `commandNotFound`, or `commandNotExecutable` for the first file of that name that cannot be run.
  package func check() throws(DeliveryError) {
    var obstacle: DeliveryError?
    for candidate in candidates {
      switch Executability(of: candidate) {
      case .runnable: return
      case .missing: continue
      case .blocked(let reason): obstacle = obstacle ?? Self.notExecutable(candidate, reason)
      }
    }
    throw obstacle ?? notFound
  }

  var notFound: DeliveryError { .commandNotFound(String(decoding: command, as: UTF8.self)) }

  static func notExecutable(_ path: [UInt8], _ reason: DeliveryError.NotExecutable) -> DeliveryError {
    .commandNotExecutable(path: String(decoding: path, as: UTF8.self), reason: reason)
  }
}
