import CLinux
import Glibc

/// Signal dispositions, signal mask, umask and core limit as our parent set them, while ours are stricter.
package struct ProcessState: Sendable {
  /// What a parent can hand on: a signal is ignored or not, since execve(2) ends handlers.
  private let ignoredSignals: Set<Int32>
  private let signalMask: sigset_t
  private let fileMode: mode_t
  private let coreLimit: rlimit

  private static let signals: ClosedRange<Int32> = 1...64

  /// Notes the state and makes ours strict: files for their owner only, no core file, an error instead of SIGPIPE.
  package static func takeOver() -> ProcessState {
    let ignored = Set(signals.filter { linux_signal_is_ignored($0) })
    var mask = sigset_t()
    unsafe sigprocmask(SIG_SETMASK, nil, &mask)
    var core = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    // Only the soft limit: without privileges a lowered hard limit could not be given back.
    var none = rlimit(rlim_cur: 0, rlim_max: core.rlim_max)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    linux_ignore_signal(SIGPIPE)
    return ProcessState(ignoredSignals: ignored, signalMask: mask, fileMode: umask(0o077), coreLimit: core)
  }

  /// Gives back what `takeOver` found, whatever libraries have changed since; for the moment before execve(2).
  func restore() {
    for signal in Self.signals {
      // Fails for SIGKILL, SIGSTOP and the two signals glibc keeps, which nobody can change either.
      _ = ignoredSignals.contains(signal) ? linux_ignore_signal(signal) : linux_reset_signal(signal)
    }
    var core = coreLimit
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
    umask(fileMode)
    var mask = signalMask
    unsafe sigprocmask(SIG_SETMASK, &mask, nil)
  }
}
