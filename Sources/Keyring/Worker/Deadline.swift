import Glibc

/// A point in time by a clock that runs on while the machine sleeps and that nobody sets (CLOCK_BOOTTIME).
enum Deadline {
  case never
  case at(milliseconds: Int64)

  init(after duration: Duration) {
    let parts = duration.components
    self = .at(milliseconds: Self.now + parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000)
  }

  /// What poll(2) takes: -1 waits for ever, 0 not at all.
  var pollTimeout: Int32 {
    switch self {
    case .never: -1
    case .at(let milliseconds): Int32(clamping: max(0, milliseconds - Self.now))
    }
  }

  private static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
