import Glibc

/// How long, since this was made, an answer had to wait for work that is nobody's fault: the worker was ready and every
/// processor was busy, or the keyring was at work, for others before us where many ask at once.
struct BusyTime {
  private let worker: pid_t
  private let service: pid_t?
  private let before: Int64

  /// What one deadline may be put off by, in milliseconds: nothing hangs on a machine that never comes to rest.
  static let limit: Int64 = 30_000

  init(of worker: pid_t, askingFrom service: pid_t?) {
    self.worker = worker
    self.service = service
    before = Self.total(worker, service)
  }

  var milliseconds: Int64 {
    min(Self.limit, max(0, Self.total(worker, service) - before))
  }

  /// Whether either waits for a disk at this moment, which no clock of the scheduler counts: to load a library, or to
  /// write what another command stores.
  var waitsForDisk: Bool {
    Self.waitsForDisk(worker) || service.map(Self.waitsForDisk) ?? false
  }

  private static func total(_ worker: pid_t, _ service: pid_t?) -> Int64 {
    let ofService = service.map(ProcessorTime.init(of:)).map { $0.used + $0.awaited } ?? 0
    return ProcessorTime(of: worker).awaited + ofService
  }

  /// The state is the letter after the name, which stands in brackets and may hold some: `123 (name) D 1 …` (proc(5)).
  private static func waitsForDisk(_ process: pid_t) -> Bool {
    let file = ProcessFile("stat", of: process)
    let end = (0..<file.count).last { file.bytes[$0] == UInt8(ascii: ")") }
    guard let end, end + 2 < file.count else { return false }
    return file.bytes[end + 2] == UInt8(ascii: "D")
  }
}

// MARK: - Deadline

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

// MARK: - Present time

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

// MARK: - Process file

/// What the kernel tells of a process in a file of /proc (proc(5)), as far as its first half KiB goes; nothing where there
/// is no such file.
struct ProcessFile {
  private(set) var bytes = InlineArray<512, UInt8>(repeating: 0)
  private(set) var count = 0

  init(_ name: String, of process: pid_t) {
    let file = unsafe open("/proc/\(process)/\(name)", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    var span = bytes.mutableSpan
    count = max(0, unsafe span.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) })
  }
}

// MARK: - Processor time

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
