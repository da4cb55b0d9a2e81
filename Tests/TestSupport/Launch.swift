import CLinux
import CTestSupport
import Glibc

/// A program to start as a shell would: in our process group, with nothing of ours but what is named here.
package struct Launch {
  package var path: String
  package var arguments: [String]
  /// Raw `NAME=value` entries, in this order.
  package var environment: [[UInt8]]
  package var blockedSignals: [Int32] = []
  package var closedDescriptors: Set<Int32> = []
  /// Paths opened for writing as these descriptors.
  package var files: [Int32: String] = [:]
  package var folder: String?
  /// The file that standard input is read from.
  package var input = "/dev/null"
  package var session = Session.ours

  /// Which session the program belongs to: in one of its own it has no terminal, whatever the tests were started from.
  package enum Session { case ours, own }

  package init(_ path: String, _ arguments: [String] = [], environment: [String] = ["PATH=/usr/bin:/bin"]) {
    self.path = path
    self.arguments = arguments
    self.environment = environment.map { Array($0.utf8) }
  }

  package struct Outcome: Equatable {
    package let status: ExitStatus
    package let output: [UInt8]
    package let errors: [UInt8]

    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: errors, as: UTF8.self) }
  }

  /// Runs the program to its end, and gives back what it wrote.
  package func run(within seconds: Int = 60) throws -> Outcome {
    try start().wait(within: seconds)
  }

  /// Starts the program.
  package func start() throws -> RunningLaunch {
    let output = try Pipe()
    let errors = try Pipe()
    let pid = try spawn(flags: session == .own ? test_spawn_new_session() : 0) { actions in
      posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, output.writeEnd, 1)
      posix_spawn_file_actions_adddup2(&actions, errors.writeEnd, 2)
    }
    output.closeWriteEnd()
    errors.closeWriteEnd()
    return RunningLaunch(Child(pid: pid), output: output, errors: errors)
  }

  /// Starts the program on the terminal at `terminal`, which becomes its controlling terminal.
  func start(onTerminal terminal: String) throws -> Child {
    let pid = try spawn(flags: test_spawn_new_session()) { actions in
      posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    }
    return Child(pid: pid)
  }

  /// Starts the program with its input and `files` alone.
  func startWithoutPipes() throws -> Child {
    let pid = try spawn(flags: 0) { actions in posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0) }
    return Child(pid: pid)
  }

  /// Starts the program, in signal states as a shell gives them: the threads of a test block nearly all signals.
  func spawn(flags: Int16, _ connect: (inout posix_spawn_file_actions_t) -> Void) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    connect(&actions)
    test_spawn_closes_from(&actions, 3)
    for (descriptor, file) in files { posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY, 0) }
    if let folder { test_spawn_changes_folder(&actions, folder) }
    for descriptor in closedDescriptors { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    setSignals(&attributes, flags)
    return try start(&actions, &attributes)
  }

  private func setSignals(_ attributes: inout posix_spawnattr_t, _ flags: Int16) {
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for signal in blockedSignals { sigaddset(&blocked, signal) }
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, flags | Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
  }

  private func start(
    _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
  ) throws -> pid_t {
    let vector = ([path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { entry in strdup(entry.map { CChar(bitPattern: $0) } + [0]) } + [nil]
    defer { for string in vector + variables { free(string) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, path, &actions, &attributes, vector, variables)
    guard error == 0 else { throw LaunchError(path: path, errno: error) }
    return pid
  }
}

package struct LaunchError: Error {
  package let path: String
  package let errno: Int32
}

// MARK: - Running launch

/// A program that was launched and may still run; killed when its owner ends before it does.
package final class RunningLaunch {
  package let pid: pid_t
  private var child: Child
  private let output: Pipe
  private let errors: Pipe

  init(_ child: consuming Child, output: consuming Pipe, errors: consuming Pipe) {
    pid = child.pid
    self.child = child
    self.output = output
    self.errors = errors
  }

  package func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for its end, and gives back what it wrote.
  package func wait(within seconds: Int = 60) throws -> Launch.Outcome {
    let deadline = ContinuousClock.now + .seconds(seconds)
    let texts = try Pipe.readBoth(output, errors, until: deadline)
    return Launch.Outcome(status: try child.wait(until: deadline), output: texts.0, errors: texts.1)
  }
}

// MARK: - Built program

/// The folder of the release binaries, `daypass` and `daypass-server`, which `make test` builds and tests; without it
/// the debug ones are tested.
package let releaseFolder: String? = getenv("DAYPASS_RELEASE").map { String(cString: $0) }

/// The path of an executable that was built beside the tests, or of a release binary.
package func builtProgram(_ name: String) throws -> String {
  if let releaseFolder, name.hasPrefix("daypass") { return "\(releaseFolder)/\(name)" }
  var path = [CChar](repeating: 0, count: 4_096)
  guard readlink("/proc/self/exe", &path, path.count - 1) > 0 else { throw LaunchError(path: "self", errno: errno) }
  let folder = text(path).split(separator: "/").dropLast().joined(separator: "/")
  let program = "/\(folder)/\(name)"
  guard access(program, X_OK) == 0 else { throw LaunchError(path: program, errno: errno) }
  return program
}

/// The text before the first NUL.
func text(_ characters: [CChar]) -> String {
  String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// What a test waited for did not come; `seen` is what came instead.
package struct TestTimeout: Error, CustomStringConvertible {
  package let waitingFor: String
  package let seen: String

  package init(waitingFor: String, seen: String) {
    self.waitingFor = waitingFor
    self.seen = seen
  }

  package var description: String { "waited in vain for \(waitingFor); seen: \(seen.debugDescription)" }
}
