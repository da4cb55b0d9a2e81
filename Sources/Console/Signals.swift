import CLinux
import Glibc

/// Whether a signal that ends us has come; to be asked for as long as such signals are held.
package struct SignalFlag: Sendable {
  let descriptor: Int32

  package var isPending: Bool { comes(within: .zero) }

  /// Waits for a signal; false once the time is over without one.
  package func comes(within time: Duration) -> Bool {
    let end = ContinuousClock.now + time
    while true {
      var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let count = unsafe poll(&source, 1, end.millisecondsAway)
      if count >= 0 || errno != EINTR { return count > 0 }
    }
  }
}

// MARK: - Signal hold

/// Time in which the signals that end a process wait, so that what was begun can be undone; afterwards they do what they
/// would have done.
package enum SignalHold {
  /// Runs `body`, which can see whether a signal has come; that takes effect when `body` has ended.
  ///
  /// A question asked meanwhile is still given up at once, with `TerminalError.interrupted`.
  package static func during<Result>(_ body: (SignalFlag) throws -> Result) throws -> Result {
    let watch = try SignalWatch(SignalWatch.ending)
    let result = Swift.Result { try body(watch.pending) }
    _ = consume watch
    return try result.get()
  }
}

// MARK: - Signal watch

/// Signals as bytes in a pipe, from its making until its owner ends; then they do again what they did before.
///
/// Handlers rather than a signal mask, since a signal to the process may be taken by any thread of any library. Watches
/// may be nested: the inner one has the signals, and hands on to the outer one what nobody took.
struct SignalWatch: ~Copyable {
  /// What ends a process from the keyboard or the outside.
  static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
  /// The same, and what stops and continues a process.
  static let all = ending + [SIGTSTP, SIGCONT]

  /// Readable when a signal has come.
  let readEnd: Int32
  private let writeEnd: Int32
  /// Where a watch around this one has its signals noted; -1 where there is none.
  private let outerWriteEnd: Int32
  private var previous: [(signal: Int32, action: sigaction)] = []

  /// A signal that our parent ignores is left alone.
  init(_ watched: [Int32] = SignalWatch.all) throws(TerminalError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe linux_open_pipe(&ends) == 0 else { throw .failed(errno: errno) }
    readEnd = ends[0]
    writeEnd = ends[1]
    outerWriteEnd = linux_note_signals_to(writeEnd)
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
    // What came after the last look is not lost.
    while let signal = next() { raise(signal) }
    close(readEnd)
    close(writeEnd)
  }

  /// What tells whether a signal has come; good for as long as this watch.
  var pending: SignalFlag { SignalFlag(descriptor: readEnd) }

  /// The oldest signal not taken yet.
  func next() -> Int32? {
    var number: UInt8 = 0
    return unsafe read(readEnd, &number, 1) == 1 ? Int32(number) : nil
  }

  /// Stops this process as Ctrl-Z does; returns when it is continued, or at once where no shell could continue it.
  func stop() {
    linux_reset_signal(SIGTSTP)
    linux_reset_signal(SIGCONT)
    raise(SIGTSTP)
    linux_note_signal(SIGTSTP)
    linux_note_signal(SIGCONT)
  }
}
