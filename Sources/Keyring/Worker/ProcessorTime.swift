import Glibc

/// What the scheduler says a process has had of processors, in milliseconds.
struct ProcessorTime {
  /// It ran.
  let used: Int64
  /// It was ready to run while every processor was busy.
  let awaited: Int64

  /// Of the main thread of `process`; nothing where the kernel does not tell. The first two numbers of
  /// /proc/PID/schedstat, in nanoseconds there (Linux, Documentation/scheduler/sched-stats.rst).
  init(of process: pid_t) {
    let file = ProcessFile("schedstat", of: process)
    var (numbers, field) = ((Int64(0), Int64(0)), 0)
    for index in 0..<file.count where field < 2 {
      switch file.bytes[index] {
      case UInt8(ascii: " "): field += 1
      case let digit where field == 0: numbers.0 = numbers.0 * 10 + Int64(digit) - 48
      case let digit: numbers.1 = numbers.1 * 10 + Int64(digit) - 48
      }
    }
    (used, awaited) = (numbers.0 / 1_000_000, numbers.1 / 1_000_000)
  }
}
