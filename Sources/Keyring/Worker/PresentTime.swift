/// A wait in short pieces, which shows when this process was not there to wait: it was stopped, as by Ctrl-Z, or the machine
/// slept. Whoever is waited for had no chance then, either.
struct PresentTime {
  /// In milliseconds; what the system takes to wake us up is none that was missed.
  private static let (piece, delay): (Int64, Int64) = (250, 1000)

  private var due = Deadline.now

  /// What poll(2) takes for the next piece.
  mutating func timeout(before deadline: Deadline) -> Int32 {
    let timeout = deadline.pollTimeout
    guard timeout >= 0 else { return timeout }
    let next = min(Int64(timeout), Self.piece)
    due = Deadline.now + next
    return Int32(next)
  }

  /// How much later than it was to end the piece has ended, in milliseconds.
  func missed(at now: Int64 = Deadline.now) -> Int64 {
    now - due > Self.delay ? now - due : 0
  }
}
