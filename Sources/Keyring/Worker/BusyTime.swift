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
