import Glibc

/// A thread that has ended when its owner ends. It takes no signals: they are for the process's first thread.
@safe
package struct JoinedThread: ~Copyable {
  private var thread = pthread_t()
  /// False if the system has no thread to give.
  package let isRunning: Bool

  package init(_ body: @escaping @Sendable () -> Void) {
    let work = unsafe Unmanaged.passRetained(Work(body: body)).toOpaque()
    var (all, before) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, &before)
    isRunning = unsafe pthread_create(&thread, nil, Work.run, work) == 0
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
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
