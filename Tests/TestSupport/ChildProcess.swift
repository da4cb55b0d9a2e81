import CLinux
import CTestSupport
internal import Foundation
import Glibc

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
    CleanupProcess.add(.process(identifier))
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
    CleanupProcess.withdraw(.process(identifier))
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

// MARK: - Child

/// A process that a test started; killed when its owner ends before it does.
package struct Child: ~Copyable {
  package let pid: pid_t
  private let ending: Int32
  private var status: ExitStatus?

  init(pid: pid_t) throws {
    self.pid = pid
    CleanupProcess.add(.process(pid))
    ending = linux_open_process(pid)
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      CleanupProcess.withdraw(.process(pid))
      waitpid(pid, nil, 0)
    }
    close(ending)
  }

  /// Waits until the process has ended.
  package mutating func wait(until deadline: ContinuousClock.Instant) throws -> ExitStatus {
    if let status { return status }
    guard isReadable(ending, until: deadline) else { throw TestTimeout(waitingFor: "the end of \(pid)", seen: "") }
    var number: Int32 = 0
    CleanupProcess.withdraw(.process(pid))
    waitpid(pid, &number, 0)
    let ended = ExitStatus(waitStatus: number)
    status = ended
    return ended
  }
}

/// Waits until `descriptor` can be read or has ended; false after `deadline`.
func isReadable(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> Bool {
  while true {
    let left = ContinuousClock.now.duration(to: deadline).components
    let milliseconds = Int32(clamping: max(0, left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000))
    var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&source, 1, milliseconds)
    if ready >= 0 || errno != EINTR { return ready > 0 }
  }
}

// MARK: - Cleanup after the test process

/// What is to be ended and removed when this process ends, however it ends: tests that are killed leave nothing behind.
///
/// A shell reads the list from a socket and carries it out when the socket closes, which the kernel sees to.
/// PR_SET_PDEATHSIG would not do: it fires when the starting thread ends, and is lost where a program with capabilities,
/// such as gnome-keyring-daemon, is executed.
package enum CleanupProcess {
  package enum Entry: Equatable, Sendable {
    /// With the processes it started.
    case process(pid_t)
    case folder(String)

    fileprivate var words: String {
      switch self {
      case .process(let identifier): "process \(identifier)"
      case .folder(let path): "folder \(path)"
      }
    }
  }

  package static func add(_ entry: Entry) { tell("+ " + entry.words) }

  /// Of a process before its number is free for another.
  package static func withdraw(_ entry: Entry) { tell("- " + entry.words) }

  private static func tell(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // Where nobody reads any more, there is nothing better to do than before.
    _ = bytes.withUnsafeBytes { send(executor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Our end of the socket. Nobody waits for the shell: it outlives us.
  private static let executor: Int32 = {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return -1 }
    defer { close(ends[1]) }
    return start(reading: ends[1]) ? ends[0] : -1
  }()

  private static func start(reading list: Int32) -> Bool {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, list, 0)
    for output in [1, 2] as [Int32] { posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0) }
    test_spawn_closes_from(&actions, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A session of its own: what a terminal or a runner sends to our group does not reach it.
    posix_spawnattr_setflags(&attributes, test_spawn_new_session())
    let words = ["sh", "-c", script]
    let arguments = words.map { strdup($0) } + [nil]
    let environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
    defer { for text in arguments + environment { free(text) } }
    var identifier: pid_t = 0
    return posix_spawn(&identifier, "/bin/sh", &actions, &attributes, arguments, environment) == 0
  }

  private static let script = """
    cd /
    processes=' ' folders=' '
    while read -r sign kind name; do
      case $sign$kind in
        +process) processes="$processes$name " ;;
        +folder) folders="$folders$name " ;;
        -process) case $processes in *" $name "*) processes="${processes%%" $name "*} ${processes#*" $name "}" ;; esac ;;
        -folder) case $folders in *" $name "*) folders="${folders%%" $name "*} ${folders#*" $name "}" ;; esac ;;
      esac
    done
    end() {
      kill -STOP "$1"
      for child in $(cat "/proc/$1/task/"*/children); do end "$child"; done
      kill -KILL "$1"
    }
    for process in $processes; do end "$process"; done
    tries=0
    until rm -rf -- $folders || [ "$((tries += 1))" -gt 50 ]; do chmod -R u+rwX $folders; sleep 0.1; done
    """
}

// MARK: - Exit status

/// How a process ended.
package enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signaled(Int32)

  /// From the number that waitpid(2) fills in.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signaled(signal)
  }
}

extension ExitStatus: CustomStringConvertible {
  /// The number of an exit; a signal's number after its word.
  package var description: String {
    switch self {
    case .exited(let status): "\(status)"
    case .signaled(let signal): "signal \(signal)"
    }
  }
}

/// Asks again and again until `condition` holds; false when it does not within `seconds`. For states of other processes
/// that cannot be waited for in any other way.
package func eventually(within seconds: Double = 30, _ condition: () -> Bool) -> Bool {
  let end = Date(timeIntervalSinceNow: seconds)
  while !condition() {
    guard Date() < end else { return false }
    poll(nil, 0, 2)
  }
  return true
}
