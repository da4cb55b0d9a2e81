import CLinux
import Glibc
internal import Secrets

/// A running keyring worker, killed and reaped when its owner ends.
///
/// SIGKILL and never anything gentler: only a client that vanishes leaves gnome-keyring unharmed at any moment.
struct WorkerProcess: ~Copyable {
  let channel: FrameChannel
  let identifier: pid_t
  /// The process that keeps the keyring, once the worker found it.
  var service: pid_t?

  init(_ program: WorkerProgram, environment: WorkerEnvironment) throws(KeyringError) {
    var ends: InlineArray<2, Int32> = [-1, -1]
    var span = ends.mutableSpan
    let made = unsafe span.withUnsafeMutableBufferPointer {
      unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, $0.baseAddress)
    }
    guard made == 0 else { throw .workerEnded }
    defer { close(ends[1]) }
    let channel = FrameChannel(owning: ends[0])
    identifier = try WorkerSpawn(program: program, environment: environment).run(socket: ends[1])
    self.channel = channel
  }

  /// Has it end, without a wait: that takes the system as long as many a call.
  func end() { kill(identifier, SIGKILL) }

  deinit {
    var status: Int32 = 0
    // Where it is gone already, or is reaped by an inherited SIG_IGN, its number may belong to somebody else by now.
    guard unsafe waitpid(identifier, &status, WNOHANG) == 0 else { return }
    kill(identifier, SIGKILL)
    while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
  }
}

// MARK: - Worker environment

/// The variables a worker may see. Everything else stays out: `SECRET_BACKEND` and its kin would make libsecret keep keys
/// elsewhere, GLib's debugging variables would print them, its module variables would load code.
struct WorkerEnvironment {
  let variables: [String: String]

  private static let allowed: Set<String> = [
    "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "HOME", "USER", "DISPLAY", "WAYLAND_DISPLAY",
    "XAUTHORITY", "LANG",
    "LANGUAGE", "DAYPASS_COLLECTION",
  ]

  init(of environment: [String: String]) {
    variables = environment.filter { Self.allowed.contains($0.key) || $0.key.hasPrefix("LC_") }
  }

  /// As execve(2) takes them.
  var entries: [String] { variables.map { $0.key + "=" + $0.value } }
}

/// The program that serves as keyring worker: daypass itself, told so by its arguments.
package struct WorkerProgram: Sendable {
  package var path: String
  /// All of them, the program's name first.
  package var arguments: [String]

  package init(path: String, arguments: [String]) {
    self.path = path
    self.arguments = arguments
  }
}

// MARK: - Worker spawn

/// Starts a worker with a clean slate: its socket as the only descriptor besides 0-2, no environment but the allowed, no
/// inherited signal state, a process group of its own so that the terminal's signals are for daypass alone.
struct WorkerSpawn {
  let program: WorkerProgram
  let environment: WorkerEnvironment

  func run(socket: Int32) throws(KeyringError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    guard unsafe arrange(&actions, socket), unsafe arrange(&attributes) else { throw .workerEnded }
    let arguments = CStringVector(program.arguments)
    let variables = CStringVector(environment.entries)
    var identifier: pid_t = 0
    let failure = unsafe arguments.withPointers { arguments in
      unsafe variables.withPointers { variables in
        unsafe posix_spawn(&identifier, program.path, &actions, &attributes, arguments, variables)
      }
    }
    guard failure == 0 else { throw .workerEnded }
    return identifier
  }

  private func arrange(_ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ socket: Int32) -> Bool {
    let target = KeyringWorker.descriptor
    return unsafe posix_spawn_file_actions_adddup2(actions, socket, target) == 0
      && posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0) == 0
      && posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0) == 0
      && linux_spawn_close_from(actions, target + 1) == 0
  }

  private func arrange(_ attributes: UnsafeMutablePointer<posix_spawnattr_t>) -> Bool {
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    return unsafe posix_spawnattr_setsigmask(attributes, &none) == 0
      && posix_spawnattr_setsigdefault(attributes, &all) == 0
      && posix_spawnattr_setpgroup(attributes, 0) == 0
      && posix_spawnattr_setflags(attributes, Int16(flags)) == 0
  }
}
