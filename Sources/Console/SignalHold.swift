/// Time in which the signals that end a process wait, so that what was begun can be undone; afterwards they do what they
/// would have done.
package enum SignalHold {
  /// Runs `body`, which can see whether a signal has come; that takes effect when `body` has ended.
  ///
  /// A question asked meanwhile is still given up at once, with `TerminalError.interrupted`.
  package static func during<Result>(_ body: (PendingSignal) throws -> Result) throws -> Result {
    let watch = try SignalWatch(SignalWatch.ending)
    let result = Swift.Result { try body(watch.pending) }
    _ = consume watch
    return try result.get()
  }
}
