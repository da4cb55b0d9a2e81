import Glibc

/// How long, since this was made, an answer had to wait for work that is nobody's fault: the worker was ready and every
/// processor was busy, or the keyring was at work, for others before us where many ask at once.
struct BusyTime {
  private let worker: pid_t
  private let service: pid_t?
  private let before: Int64

  /// What one deadline may be put off by, in milliseconds: nothing hangs on a machine that never comes to rest.
  private static let limit: Int64 = 30_000

  init(of worker: pid_t, askingFrom service: pid_t?) {
    self.worker = worker
    self.service = service
    before = Self.total(worker, service)
  }

  var milliseconds: Int64 {
    min(Self.limit, max(0, Self.total(worker, service) - before))
  }

  private static func total(_ worker: pid_t, _ service: pid_t?) -> Int64 {
    let ofService = service.map(ProcessorTime.init(of:)).map { $0.used + $0.awaited } ?? 0
    return ProcessorTime(of: worker).awaited + ofService
  }
}
