import CLinux
import Glibc

/// Interrupts the system call that this thread waits in, at a deadline and each second after it, until its owner ends.
///
/// Its handler for SIGALRM stays, doing nothing; execve(2) ends it.
@safe
struct Alarm: ~Copyable {
  private let deadline: ContinuousClock.Instant
  private var timer: timer_t?
  private var previousMask = sigset_t()

  /// Throws what the kernel said instead of making a timer.
  init(after patience: Duration) throws(FileFailure) {
    deadline = .now + patience
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, SIGALRM)
    unsafe pthread_sigmask(SIG_UNBLOCK, &mask, &previousMask)
    let seconds = Int32(clamping: max(1, patience.components.seconds))
    guard unsafe linux_start_timer(&timer, seconds) == 0 else { throw .last }
  }

  deinit {
    unsafe linux_stop_timer(timer)
    var mask = previousMask
    unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
  }

  var hasRung: Bool { .now >= deadline }
}
