import CLinux
import Glibc
internal import Secrets

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
