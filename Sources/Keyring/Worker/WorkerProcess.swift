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
