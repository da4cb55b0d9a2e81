import CLinux
import CTestSupport
internal import Foundation
import Glibc

/// A program that a test runs: its own environment, no descriptors but 0-2, killed by its pid and reaped when the test is
/// done with it.
package final class ChildProcess {
  private let folder = ScratchFolder()
  private var child: Child

  /// Standard input is the text `input`; output goes to files that `output` and `errors` read.
  package init(_ arguments: [String], environment: [String: String], input: String = "") {
    guard let path = Installed.path(of: arguments[0]) else { preconditionFailure("no \(arguments[0]) here") }
    var launch = Launch(
      path, Array(arguments.dropFirst()), environment: environment.map { "\($0.key)=\($0.value)" })
    launch.input = folder.write(input, to: "input")
    launch.files = [1: folder.write("", to: "output"), 2: folder.write("", to: "errors")]
    do { child = try launch.startWithoutPipes() } catch { preconditionFailure("\(error)") }
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

  package var identifier: pid_t { child.pid }
  package var output: String { (try? folder.text(of: "output")) ?? "" }
  package var errors: String { (try? folder.text(of: "errors")) ?? "" }

  /// Whether it still runs; a stopped process does.
  package var isAlive: Bool { child.poll(WNOHANG) == nil }

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
    while true {
      switch child.poll(0) {
      case .exited(let status): return status
      case .signaled(let signal): return 128 + signal
      case nil: continue
      }
    }
  }
}

// MARK: - Child

/// A process that a test started; killed when its owner ends before it does.
package struct Child: ~Copyable {
  package let pid: pid_t
  private let ending: Int32
  private var status: ExitStatus?

  init(pid: pid_t) {
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
    while true {
      if let ended = poll(WNOHANG) { return ended }
      guard isReadable(ending, until: deadline) else { throw TestTimeout(waitingFor: "the end of \(pid)", seen: "") }
    }
  }

  /// How it ended, as waitpid(2) tells with `options`; nil if it still runs, or a signal ended the waiting.
  mutating func poll(_ options: Int32) -> ExitStatus? {
    var number: Int32 = 0
    if status == nil, waitpid(pid, &number, options) == pid {
      CleanupProcess.withdraw(.process(pid))
      status = ExitStatus(waitStatus: number)
    }
    return status
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
/// PR_SET_PDEATHSIG would not do: it fires when the starting thread ends, and is lost if a program with capabilities,
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

  /// Withdraws a process, before its number can be reused.
  package static func withdraw(_ entry: Entry) { tell("- " + entry.words) }

  private static func tell(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // If nobody reads any more, there is nothing better to do than before.
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
    // A session of its own: what a terminal or a runner sends to our group does not reach it.
    let shell = try? Launch("/bin/sh", ["-c", script]).spawn(flags: test_spawn_new_session()) { actions in
      posix_spawn_file_actions_adddup2(&actions, list, 0)
      for output in [1, 2] as [Int32] { posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0) }
    }
    return shell != nil
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
