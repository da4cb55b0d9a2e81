import CLinux
import Glibc
internal import POSIX
package import Secrets

/// A program that is run to its end for what it prints: no shell, a deadline, and its output in secret memory up to a limit.
///
/// It stays in our process group, so that Ctrl-C reaches it, and gets no descriptor of ours beyond the standard three.
package struct ChildProgram {
  /// The words of its command line. The first is a path, or a name that is looked for in the absolute folders of `PATH`.
  private let words: [String]
  /// `NAME=value` entries.
  private let environment: [[UInt8]]
  private let use: TerminalUse
  let timeout: Duration
  /// Bytes of standard output, and of captured standard error.
  let limit: Int

  /// Whether it may talk to the person at the terminal.
  package enum TerminalUse: Sendable {
    /// Standard input is empty, standard error captured.
    case none
    /// It reads from the terminal, and has our standard error. Our standard input may be another program's data.
    case shared
    /// As `none`, in a session of its own: no key pressed at the terminal reaches it, and it cannot ask there.
    case detached
  }

  package init(
    _ words: [String], environment: [[UInt8]], terminal use: TerminalUse, timeout: Duration, limit: Int = 64 * 1024
  ) {
    self.words = words
    self.environment = environment
    self.use = use
    self.timeout = timeout
    self.limit = limit
  }

  /// Runs it and returns what it wrote to standard output.
  ///
  /// - Throws: `ended` unless it exits with status 0, `timedOut`, `tooMuchOutput`, `notFound`, `notStarted`.
  package func run() throws(ChildError) -> SecretBytes {
    guard let output = try output(inTime: .killed) else { throw .timedOut(timeout) }
    return output
  }

  /// The same, but nil if its time is over; then it goes on alone.
  package func runDetachable() throws(ChildError) -> SecretBytes? { try output(inTime: .left) }

  /// What happens to a program that takes longer than its time.
  private enum Lateness { case killed, left }

  private func output(inTime lateness: Lateness) throws(ChildError) -> SecretBytes? {
    var output = try Capture(limit: limit)
    var errors = try Capture(limit: limit)
    var child = try start(input: nil, output, errors)
    let end = ContinuousClock.now + timeout
    var isOver = false
    while !isOver {
      guard ContinuousClock.now < end else {
        if lateness == .left { child.leave() }
        return nil
      }
      isOver = child.waitForNews(from: output, errors, until: end)
      guard output.drain(), errors.drain() else { throw .tooMuchOutput(limit: limit) }
    }
    let status = child.reap()
    guard status == .exited(0) else { throw .ended(status, complaint: errors.lastLines) }
    return output.bytes.clone()
  }

  /// - Parameter input: what it reads from, if that is not what `use` says.
  func start(
    input: Int32?, _ output: borrowing Capture, _ errors: borrowing Capture
  ) throws(ChildError) -> RunningChild {
    try RunningChild(spawn(located(), input, output.pipe.writeEnd.number, errors.pipe.writeEnd.number))
  }

  /// Starts it as a process that is no child of ours, in a session of its own, reading nothing and writing nowhere; how it
  /// ends nobody will know.
  ///
  /// A shell starts it and ends. A child would stay ours if we become another program, which knows nothing of it.
  package func startDetached() throws(ChildError) {
    let program = try located()
    guard unsafe access(program, X_OK) == 0 else { throw .notStarted(program, errno: errno) }
    let command = ["/bin/sh", "-c", "\"$@\" </dev/null >/dev/null 2>&1 &", "sh", program] + words.dropFirst()
    _ = try ChildProgram(command, environment: environment, terminal: .detached, timeout: timeout).run()
  }

  /// The first file in `PATH` that can be run.
  private func located() throws(ChildError) -> String {
    guard let name = words.first, !name.isEmpty else { throw .notFound("") }
    guard !name.contains("/") else { return name }
    let path = environment.first { $0.starts(with: Array("PATH=".utf8)) }.map { $0.dropFirst(5) } ?? []
    for folder in path.split(separator: UInt8(ascii: ":")) where folder.first == UInt8(ascii: "/") {
      let candidate = String(decoding: folder, as: UTF8.self) + "/" + name
      if unsafe access(candidate, X_OK) == 0 { return candidate }
    }
    throw .notFound(name)
  }
}

/// Why a program gave no output.
package enum ChildError: Error, Equatable {
  case notFound(String)
  case notStarted(String, errno: Int32)
  case timedOut(Duration)
  /// In bytes.
  case tooMuchOutput(limit: Int)
  /// `complaint` is the last lines of its standard error that are not empty, if that was captured.
  case ended(ChildStatus, complaint: [String])
}

package enum ChildStatus: Equatable, Sendable {
  case exited(Int32)
  case killed(signal: Int32)

  fileprivate init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    self = signal == 0 ? .exited(waitStatus >> 8 & 0xff) : .killed(signal: signal)
  }
}

// MARK: - Spawning

extension ChildProgram {
  private func spawn(
    _ path: String, _ input: Int32?, _ output: Int32, _ errors: Int32
  ) throws(ChildError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe arrange(&actions, input, output, errors)
    unsafe arrange(&attributes)
    // If our parent ignores SIGCHLD, the child's status would be lost.
    linux_reset_signal(SIGCHLD)
    let arguments = CStringVector(words.map { Array($0.utf8) })
    let variables = CStringVector(environment)
    var identifier: pid_t = 0
    let failure = unsafe arguments.withPointers { arguments in
      unsafe variables.withPointers { variables in
        unsafe posix_spawn(&identifier, path, &actions, &attributes, arguments, variables)
      }
    }
    guard failure == 0 else { throw .notStarted(path, errno: failure) }
    return identifier
  }

  private func arrange(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ input: Int32?, _ output: Int32, _ errors: Int32
  ) {
    unsafe posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO)
    switch use {
    case .none, .detached:
      unsafe posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
      unsafe posix_spawn_file_actions_adddup2(actions, errors, STDERR_FILENO)
    case .shared: unsafe posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/tty", O_RDWR, 0)
    }
    if let input { unsafe posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO) }
    unsafe linux_spawn_close_from(actions, STDERR_FILENO + 1)
  }

  /// What we ignore so that a failed write is an error, programs expect to end them.
  private func arrange(_ attributes: UnsafeMutablePointer<posix_spawnattr_t>) {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGPIPE, SIGXFSZ] { unsafe sigaddset(&signals, signal) }
    unsafe posix_spawnattr_setsigdefault(attributes, &signals)
    var flags = Int16(POSIX_SPAWN_SETSIGDEF)
    if use == .detached {
      // Nothing of our signal mask either: in the credential server, signals wait for one thread.
      unsafe sigemptyset(&signals)
      unsafe posix_spawnattr_setsigmask(attributes, &signals)
      flags |= linux_spawn_new_session() | Int16(POSIX_SPAWN_SETSIGMASK)
    }
    unsafe posix_spawnattr_setflags(attributes, flags)
  }
}

// MARK: - Running child

/// A process of ours; ended and reaped with its owner.
struct RunningChild: ~Copyable {
  private let identifier: pid_t
  /// Readable once the process has ended.
  private let handle: FileDescriptor
  private var isReaped = false

  init(_ identifier: pid_t) throws(ChildError) {
    guard let handle = FileDescriptor(linux_open_process(identifier)) else {
      let error = errno
      kill(identifier, SIGKILL)
      waitpid(identifier, nil, 0)
      throw .notStarted("pidfd_open", errno: error)
    }
    self.identifier = identifier
    self.handle = handle
  }

  /// Ends it, if it still runs, first in a way that lets it clean up.
  deinit {
    guard !isReaped else { return }
    kill(identifier, SIGTERM)
    var source = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
    if unsafe poll(&source, 1, Self.grace) != 1 { kill(identifier, SIGKILL) }
    while waitpid(identifier, nil, 0) < 0, errno == EINTR {}
  }

  /// Lets it go on when its owner ends.
  mutating func leave() { isReaped = true }

  /// Waits for output, for the end of the process or for `end`; true once the process has ended.
  func waitForNews(
    from output: borrowing Capture, _ errors: borrowing Capture, until end: ContinuousClock.Instant
  ) -> Bool {
    var sources = [handle.number, output.pipe.readEnd.number, errors.pipe.readEnd.number].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    return unsafe poll(&sources, nfds_t(sources.count), end.millisecondsAway) > 0 && sources[0].revents != 0
  }

  mutating func reap() -> ChildStatus {
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    isReaped = true
    return ChildStatus(waitStatus: status)
  }

  /// Milliseconds.
  private static let grace: Int32 = 2_000
}

// MARK: - Captured output

/// What a child writes to one of its descriptors. Our copy of the pipe's other end stays open, so that its end is never
/// seen: a daemon that the program leaves behind may hold it for ever. That the program has ended, the process tells.
struct Capture: ~Copyable {
  let pipe: Pipe
  private(set) var bytes = SecretBytes()
  private let limit: Int

  init(limit: Int) throws(ChildError) {
    guard let pipe = Pipe() else { throw .notStarted("pipe", errno: errno) }
    // The child's writes wait, as programs expect.
    _ = fcntl(pipe.writeEnd.number, F_SETFL, 0)
    self.pipe = pipe
    self.limit = limit
  }

  /// Takes in what is there; false if that is too much.
  mutating func drain() -> Bool {
    while bytes.append(from: pipe.readEnd.number, atMost: 4_096) > 0 {
      guard bytes.count <= limit else { return false }
    }
    return true
  }

  /// The last lines that say something, as text.
  var lastLines: [String] {
    let text = bytes.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    let lines = text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
    return lines.suffix(Self.lineLimit).map(String.init)
  }

  private static let lineLimit = 10
}
