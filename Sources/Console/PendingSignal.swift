import Glibc

/// Whether a signal that ends us has come; to be asked for as long as such signals are held.
package struct PendingSignal: Sendable {
  let descriptor: Int32

  package var hasCome: Bool { comes(within: .zero) }

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
