import Glibc

/// Whether a watched signal has come.
package struct PendingSignal: Sendable {
  let descriptor: Int32

  package var hasCome: Bool { comes(within: .zero) }

  /// Waits for a signal; false once the time is over without one.
  package func comes(within time: Duration) -> Bool {
    let end = ContinuousClock.now + time
    while true {
      var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let (seconds, attoseconds) = max(.zero, ContinuousClock.now.duration(to: end)).components
      let milliseconds = Int32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
      let count = unsafe poll(&source, 1, milliseconds)
      if count >= 0 || errno != EINTR { return count > 0 }
    }
  }
}
