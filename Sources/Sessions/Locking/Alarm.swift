internal import CLinux
internal import Glibc

/// Interrupts the system call that this process waits in, at a deadline and each second after it (setitimer(2)), until
/// its owner ends.
struct Alarm: ~Copyable {
  private let deadline: ContinuousClock.Instant
  private var previousAction = sigaction()
  private var previousMask = sigset_t()

  init(after seconds: Int) {
    deadline = .now + .seconds(seconds)
    _ = unsafe sigaction(SIGALRM, nil, &previousAction)
    linux_note_signal(SIGALRM)
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, SIGALRM)
    unsafe sigprocmask(SIG_UNBLOCK, &mask, &previousMask)
    Self.set(first: max(1, seconds), interval: 1)
  }

  deinit {
    Self.set(first: 0, interval: 0)
    var mask = previousMask
    var action = previousAction
    unsafe sigprocmask(SIG_SETMASK, &mask, nil)
    _ = unsafe sigaction(SIGALRM, &action, nil)
  }

  var hasRung: Bool { .now >= deadline }

  private static func set(first: Int, interval: Int) {
    var timer = itimerval(
      it_interval: timeval(tv_sec: interval, tv_usec: 0), it_value: timeval(tv_sec: first, tv_usec: 0))
    unsafe setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
  }
}
