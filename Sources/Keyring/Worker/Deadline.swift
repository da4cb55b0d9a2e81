import Glibc

/// A point in time by a clock that runs on while the machine sleeps and that nobody sets (CLOCK_BOOTTIME).
enum Deadline {
  case never
  case at(milliseconds: Int64)
  /// Later by a time that is no fault of whom is waited for.
  case extended(milliseconds: Int64, by: BusyTime)

  init(after duration: Duration) {
    self = .at(milliseconds: Self.end(after: duration))
  }

  init(after duration: Duration, extendedBy busy: BusyTime) {
    self = .extended(milliseconds: Self.end(after: duration), by: busy)
  }

  /// What poll(2) takes: -1 waits for ever, 0 not at all.
  var pollTimeout: Int32 {
    switch self {
    case .never: -1
    case .at(let milliseconds): Self.left(until: milliseconds)
    case .extended(let milliseconds, let busy):
      switch Self.left(until: milliseconds) {
      case 0: Self.left(after: milliseconds, busy)
      case let left: left
      }
    }
  }

  mutating func putOff(by milliseconds: Int64) {
    switch self {
    case .never: return
    case .at(let end): self = .at(milliseconds: end + milliseconds)
    case .extended(let end, let busy): self = .extended(milliseconds: end + milliseconds, by: busy)
    }
  }

  private static func end(after duration: Duration) -> Int64 {
    let parts = duration.components
    return now + parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
  }

  /// What is left of a deadline that has passed.
  private static func left(after end: Int64, _ busy: BusyTime) -> Int32 {
    let left = left(until: end + busy.milliseconds)
    guard left == 0, busy.waitsForDisk else { return left }
    return min(atDisk, Self.left(until: end + BusyTime.limit))
  }

  /// After how many milliseconds to look again at who waits for a disk.
  private static let atDisk: Int32 = 100

  private static func left(until milliseconds: Int64) -> Int32 {
    Int32(clamping: max(0, milliseconds - now))
  }

  /// In milliseconds.
  static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
