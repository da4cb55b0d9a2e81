import CLinux
import Glibc
internal import POSIX

/// Runs `body` while the signals that end a process wait, so that it can undo what it began; afterwards they do what they
/// would have done without us.
///
/// `body` sees by its flag whether a signal is pending. A prompt meanwhile is still given up at once, with
/// `TerminalError.interrupted`.
package func deferringSignals<Result: ~Copyable>(_ body: (SignalFlag) throws -> Result) throws -> Result {
  let watch = try SignalWatch(SignalWatch.ending)
  let result = Swift.Result { try body(SignalFlag(descriptor: watch.readEnd)) }
  _ = consume watch
  return try result.get()
}

/// Whether a signal that ends the process is pending; valid while such signals are deferred.
package struct SignalFlag: Sendable {
  fileprivate let descriptor: Int32

  package var isPending: Bool { wait(timeout: .zero) }

  /// Waits for a signal; false if the time is over without one.
  package func wait(timeout: Duration) -> Bool {
    do throws(FileFailure) {
      return try FileDescriptor.wait(for: .reading, on: descriptor, until: .now + timeout)
    } catch {
      return false
    }
  }
}

// MARK: - Signal watch

/// Signals as bytes in a pipe while this value lives; then they do again what they did before.
///
/// Handlers rather than a signal mask, because any thread of any library may take a signal sent to the process. Watches
/// nest: the inner one gets the signals, and hands on to the outer one what it has not read.
struct SignalWatch: ~Copyable {
  /// Every signal that ends a process and can be caught (signal(7)), faults included, as another process may send them.
  /// SIGPIPE and SIGXFSZ are ignored instead, and the C library keeps 32 and 33 for itself.
  static let ending: [Int32] =
    [
      SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2, SIGALRM, SIGTERM,
      SIGSTKFLT, SIGXCPU, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSYS,
    ] + Array(34...64)
  /// The same, and the signals that stop and continue a process.
  static let all = ending + [SIGTSTP, SIGCONT]

  private let pipe: Pipe
  /// The pipe of the watch around this one; -1 for none.
  private let outerWriteEnd: Int32
  private var previous: [(signal: Int32, action: sigaction)] = []

  /// Leaves alone the signals that our parent ignores.
  init(_ watched: [Int32] = SignalWatch.all) throws(TerminalError) {
    guard let pipe = Pipe() else { throw .failed(errno: errno) }
    outerWriteEnd = linux_note_signals_to(pipe.writeEnd.number)
    self.pipe = pipe
    for signal in watched where !linux_signal_is_ignored(signal) {
      var action = sigaction()
      _ = unsafe sigaction(signal, nil, &action)
      previous.append((signal, action))
      linux_note_signal(signal)
    }
  }

  deinit {
    for index in previous.indices {
      var action = previous[index].action
      _ = unsafe sigaction(previous[index].signal, &action, nil)
    }
    linux_note_signals_to(outerWriteEnd)
    // A signal that arrived after the last look is not lost.
    while let signal = next() { raise(signal) }
  }

  /// Readable while a signal is pending.
  var readEnd: Int32 { pipe.readEnd.number }

  /// The oldest signal not read yet.
  func next() -> Int32? {
    var number: UInt8 = 0
    return unsafe read(readEnd, &number, 1) == 1 ? Int32(number) : nil
  }

  /// Stops this process as Ctrl-Z does. Returns when it is continued, or at once if no shell could continue it.
  func stop() {
    linux_reset_signal(SIGTSTP)
    linux_reset_signal(SIGCONT)
    raise(SIGTSTP)
    linux_note_signal(SIGTSTP)
    linux_note_signal(SIGCONT)
  }
}
