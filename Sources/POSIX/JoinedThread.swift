import Glibc

/// A thread that has ended when its owner ends. It takes no signals.
@safe
package struct JoinedThread: ~Copyable {
  private let thread: pthread_t
  /// False if the system has no thread to give.
  package let isRunning: Bool

  package init(_ body: @escaping @Sendable () -> Void) {
    let work = unsafe Unmanaged.passRetained(Work(body: body)).toOpaque()
    var new = pthread_t()
    isRunning = blockingSignals { unsafe pthread_create(&new, nil, Work.run, work) == 0 }
    thread = new
    if !isRunning { unsafe Unmanaged<Work>.fromOpaque(work).release() }
  }

  deinit {
    if isRunning { pthread_join(thread, nil) }
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) { self.body = body }

    static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { work in
      guard let work = unsafe work else { return nil }
      unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
      return nil
    }
  }
}

/// Runs `body` with all signals blocked, and so every thread that it starts: signals are for the process's first thread,
/// which may hold them back.
package func blockingSignals<Result>(_ body: () -> Result) -> Result {
  var (all, before) = (sigset_t(), sigset_t())
  unsafe sigfillset(&all)
  unsafe pthread_sigmask(SIG_BLOCK, &all, &before)
  defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
  return body()
}
