import CLinux
internal import Foundation

/// A program that a test runs: its own environment, no descriptors but 0-2, killed by its pid and reaped when the test is
/// done with it.
package final class ChildProcess {
  package let identifier: pid_t
  private let folder = ScratchFolder()
  private var status: Int32?

  /// Standard input is the text `input`; output goes to files that `output` and `errors` read.
  package init(_ arguments: [String], environment: [String: String], input: String = "") {
    guard let path = Installed.path(of: arguments[0]) else { preconditionFailure("no \(arguments[0]) here") }
    let standardInput = folder.write(input, to: "input")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, standardInput, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, folder.path + "/output", O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, folder.path + "/errors", O_WRONLY | O_CREAT, 0o600)
    linux_spawn_close_from(&actions, 3)
    var vector = arguments.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0.key + "=" + $0.value) } + [nil]
    defer { for text in vector + variables { free(text) } }
    var identifier: pid_t = 0
    var attributes = Self.attributes
    defer { posix_spawnattr_destroy(&attributes) }
    let failure = posix_spawn(&identifier, path, &actions, &attributes, &vector, &variables)
    precondition(failure == 0, "\(path): \(String(cString: strerror(failure)))")
    self.identifier = identifier
    LastWill.add(.process(identifier))
  }

  deinit { end() }

  /// Runs a program to its end.
  package static func run(
    _ arguments: [String], environment: [String: String], input: String = ""
  ) -> (status: Int32, output: String, errors: String) {
    let child = ChildProcess(arguments, environment: environment, input: input)
    let status = child.wait()
    return (status, child.output, child.errors)
  }

  package var output: String { text("output") }
  package var errors: String { text("errors") }

  /// Whether it still runs; a stopped process does.
  package var isAlive: Bool {
    guard status == nil else { return false }
    var word: Int32 = 0
    guard waitpid(identifier, &word, WNOHANG) == identifier else { return true }
    ended(word)
    return false
  }

  package func send(_ signal: Int32) {
    if isAlive { kill(identifier, signal) }
  }

  package func end() {
    send(SIGKILL)
    wait()
  }

  /// The exit status as a shell has it: 128 and the signal's number for one that was killed.
  @discardableResult
  package func wait() -> Int32 {
    var word = status ?? 0
    while status == nil {
      guard waitpid(identifier, &word, 0) == identifier || errno != EINTR else { continue }
      ended(word)
    }
    return word & 0x7f == 0 ? word >> 8 & 0xff : 128 + word & 0x7f
  }

  private func ended(_ word: Int32) {
    status = word
    LastWill.withdraw(.process(identifier))
  }

  /// No blocked and no ignored signals: the threads of a test block nearly all.
  private static var attributes: posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    return attributes
  }

  private func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: folder.path + "/" + name) ?? Data(), as: UTF8.self)
  }
}
