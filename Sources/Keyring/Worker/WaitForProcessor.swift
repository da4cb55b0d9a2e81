import Glibc

/// How long a process has been ready to run while every processor was busy, since this was made.
struct WaitForProcessor {
  private let process: pid_t
  private let before: Int64

  /// What one deadline may be put off by: nothing hangs on a machine that never comes to rest.
  private static let limit: Int64 = 20_000

  init(of process: pid_t) {
    self.process = process
    before = Self.total(of: process)
  }

  var milliseconds: Int64 {
    min(Self.limit, max(0, Self.total(of: process) - before))
  }

  /// The second number of /proc/PID/schedstat, in nanoseconds there (Linux, Documentation/scheduler/sched-stats.rst); 0
  /// where the kernel does not tell.
  private static func total(of process: pid_t) -> Int64 {
    let file = unsafe open("/proc/\(process)/schedstat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var text = InlineArray<96, UInt8>(repeating: 0)
    var span = text.mutableSpan
    let count = unsafe span.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    var (number, field): (Int64, Int) = (0, 0)
    for index in 0..<max(0, count) {
      let digit = text[index]
      if digit == UInt8(ascii: " ") { field += 1 } else if field == 1 { number = number * 10 + Int64(digit) - 48 }
    }
    return number / 1_000_000
  }
}
