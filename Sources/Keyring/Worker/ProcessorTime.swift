import Glibc

/// What the scheduler says a process has had of processors, in milliseconds.
struct ProcessorTime {
  /// It ran.
  private(set) var used: Int64 = 0
  /// It was ready to run while every processor was busy.
  private(set) var awaited: Int64 = 0

  /// Of the main thread of `process`; nothing where the kernel does not tell. The first two numbers of
  /// /proc/PID/schedstat, in nanoseconds there (Linux, Documentation/scheduler/sched-stats.rst).
  init(of process: pid_t) {
    let file = unsafe open("/proc/\(process)/schedstat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    var text = InlineArray<96, UInt8>(repeating: 0)
    var span = text.mutableSpan
    let count = unsafe span.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    var (numbers, field) = ((Int64(0), Int64(0)), 0)
    for index in 0..<max(0, count) where field < 2 {
      switch text[index] {
      case UInt8(ascii: " "): field += 1
      case let digit where field == 0: numbers.0 = numbers.0 * 10 + Int64(digit) - 48
      case let digit: numbers.1 = numbers.1 * 10 + Int64(digit) - 48
      }
    }
    (used, awaited) = (numbers.0 / 1_000_000, numbers.1 / 1_000_000)
  }
}
