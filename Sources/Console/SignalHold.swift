/// Time in which the signals that end a process wait, so that what was begun can be undone; afterwards they do what they
/// would have done.
///
/// A question asked meanwhile is still given up at once, with `TerminalError.interrupted`.
package struct SignalHold: ~Copyable {
  private let watch: SignalWatch

  /// Runs `body`; where a signal came meanwhile it takes effect when that has ended.
  package static func during<Result>(_ body: (borrowing SignalHold) throws -> Result) throws -> Result {
    let hold = SignalHold(watch: try SignalWatch(SignalWatch.ending))
    let result = Swift.Result { try body(hold) }
    _ = consume hold
    return try result.get()
  }

  /// Throws `interrupted` where a signal has come: a good moment to give up.
  package func check() throws(TerminalError) {
    if let signal = watch.first() { throw .interrupted(signal: signal) }
  }
}
