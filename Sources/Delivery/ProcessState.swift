import CLinux
import Glibc

/// Signal dispositions and mask, pending signals, umask and core limit as our parent set them, while ours are stricter.
package struct ProcessState: Sendable {
  /// What a parent can hand on: a signal is ignored or not, since execve(2) ends handlers.
  private let ignoredSignals: Set<Int32>
  private let signalMask: sigset_t
  /// Whether the end of a child waited to be told before we had any.
  private let childEndWasPending: Bool
  private let fileMode: mode_t
  private let coreLimit: rlimit

  private static let signals: ClosedRange<Int32> = 1...64
  /// Signals by which the kernel would end us instead of failing a write.
  private static let writeSignals = [SIGPIPE, SIGXFSZ]

  /// Notes the state and makes ours strict: files for their owner only, no core file, errors for lost output.
  package static func takeOver() -> ProcessState {
    let ignored = Set(signals.filter { linux_signal_is_ignored($0) })
    var mask = sigset_t()
    unsafe sigprocmask(SIG_SETMASK, nil, &mask)
    var core = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    // Only the soft limit: without privileges a lowered hard limit could not be given back.
    var none = rlimit(rlim_cur: 0, rlim_max: core.rlim_max)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    for signal in writeSignals { linux_ignore_signal(signal) }
    return ProcessState(
      ignoredSignals: ignored, signalMask: mask, childEndWasPending: isChildEndPending, fileMode: umask(0o077),
      coreLimit: core)
  }

  /// Gives back what `takeOver` found, whatever libraries have changed since; for the moment before execve(2).
  func restore() {
    restoreSignals()
    var core = coreLimit
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    umask(fileMode)
    var mask = signalMask
    unsafe sigprocmask(SIG_SETMASK, &mask, nil)
  }

  /// Changes only what differs: execve(2) ends handlers by itself, and setting a disposition can lose a signal that our
  /// parent blocked and that waits for the command.
  private func restoreSignals() {
    for signal in Self.signals where ignoredSignals.contains(signal) != linux_signal_is_ignored(signal) {
      _ = ignoredSignals.contains(signal) ? linux_ignore_signal(signal) : linux_reset_signal(signal)
    }
    if !childEndWasPending { Self.forgetChildEnd() }
  }

  /// Where SIGCHLD is blocked, the end of our keyring worker would wait for the command, which has no such child.
  private static func forgetChildEnd() {
    var child = sigset_t()
    var now = timespec()
    unsafe sigemptyset(&child)
    unsafe sigaddset(&child, SIGCHLD)
    if isChildEndPending { unsafe sigtimedwait(&child, nil, &now) }
  }

  private static var isChildEndPending: Bool {
    var pending = sigset_t()
    return unsafe sigpending(&pending) == 0 && sigismember(&pending, SIGCHLD) == 1
  }
}
