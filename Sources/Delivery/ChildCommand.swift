import CLinux
import Glibc
internal import Secrets

/// A command as a child of ours that its parent cannot tell from a direct run: it stays in our process group, gets what
/// our parent gave us, and what happens to it happens to us.
package struct ChildCommand: Sendable {
  private let pid: pid_t

  /// Starts it. Call this after `SupervisedSignals.all()`.
  ///
  /// - Throws: `commandNotFound`, `commandNotExecutable`, or `unusableValue` for a damaged variable.
  package init(
    _ command: [[UInt8]], _ variables: borrowing ContainerVariables, inherited: EnvironmentBlock, state: ProcessState
  ) throws(DeliveryError) {
    let program = CommandProgram(command, in: inherited)
    let vector = try variables.vector(inherited: inherited)
    var pid: pid_t = 0
    // Otherwise the kernel reaps it, and its status is lost.
    linux_reset_signal(SIGCHLD)
    try unsafe program.start(with: vector) { path, arguments, variables in
      unsafe state.lent { unsafe posix_spawn(&pid, path, nil, $0, arguments, variables) }
    }
    self.pid = pid
  }

  /// Forwards signals from other processes to the child, stops when it stops, and exits as it exits.
  package func supervise(with signals: SupervisedSignals) -> Never {
    while true {
      let signal = signals.next()
      if signal.number == SIGCHLD {
        handleStateChange(signals)
      } else if signal.isFromProcess {
        kill(pid, signal.number)
      }
    }
  }

  /// The kernel sends what is typed to the whole group; so the child has it already.
  private func handleStateChange(_ signals: SupervisedSignals) {
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, WNOHANG | WUNTRACED) == pid {
      let signal = status & 0x7f
      if signal == 0 { _exit(status >> 8 & 0xff) }
      if signal == 0x7f { signals.stop(by: status >> 8 & 0xff) } else { signals.die(of: signal) }
    }
  }
}

// MARK: - Supervised signals

/// Signals that wait to be taken, in this thread and all that it starts, so that no handler is needed.
package struct SupervisedSignals: Sendable {
  private let taken: sigset_t

  /// A signal and who sent it.
  fileprivate struct Signal {
    let number: Int32
    /// The kernel sends it for a key or a terminal that is gone, and then to the command as well.
    let isFromProcess: Bool
  }

  /// All signals. Call this before other threads start. A fault of our own still ends us.
  package static func all() -> SupervisedSignals {
    var set = sigset_t()
    unsafe sigfillset(&set)
    return SupervisedSignals(blocking: set)
  }

  /// The signals that end a server, unless our parent ignores them.
  package static func ending() -> SupervisedSignals {
    let signals = [SIGINT, SIGTERM, SIGHUP].filter { !linux_signal_is_ignored($0) }
    return SupervisedSignals(blocking: sigset_t(of: signals))
  }

  private init(blocking set: sigset_t) {
    taken = set
    var set = set
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for one of them.
  package func wait() { _ = next() }

  fileprivate func next() -> Signal {
    var set = taken
    var info = unsafe siginfo_t()
    while true {
      let number = unsafe sigwaitinfo(&set, &info)
      // sigaction(2): what kill(2), tgkill(2) and sigqueue(3) send has a code that is not positive.
      if number > 0 { return unsafe Signal(number: number, isFromProcess: info.si_code <= 0) }
    }
  }

  /// Stops this process as the child was stopped, and returns when it is continued; at once if it cannot be stopped so.
  fileprivate func stop(by signal: Int32) {
    kill(getpid(), signal)
    var one = sigset_t(of: [signal])
    unsafe pthread_sigmask(SIG_UNBLOCK, &one, nil)
    unsafe pthread_sigmask(SIG_BLOCK, &one, nil)
  }

  /// Ends this process as the child was ended.
  fileprivate func die(of signal: Int32) -> Never {
    linux_reset_signal(signal)
    stop(by: signal)
    _exit(128 + signal)
  }
}

extension sigset_t {
  init(of signals: some Sequence<Int32>) {
    self.init()
    unsafe sigemptyset(&self)
    for signal in signals { unsafe sigaddset(&self, signal) }
  }

  func contains(_ signal: Int32) -> Bool {
    var set = self
    return unsafe sigismember(&set, signal) == 1
  }
}
