import CLinux
import Glibc

/// A process that a test started; killed when its owner ends before it does.
package struct Child: ~Copyable {
  package let pid: pid_t
  private let ending: Int32
  private var status: ExitStatus?

  init(pid: pid_t) throws {
    self.pid = pid
    LastWill.add(.process(pid))
    ending = linux_open_process(pid)
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      LastWill.withdraw(.process(pid))
      waitpid(pid, nil, 0)
    }
    close(ending)
  }

  /// Waits until the process has ended.
  package mutating func wait(until deadline: ContinuousClock.Instant) throws -> ExitStatus {
    if let status { return status }
    guard isReadable(ending, until: deadline) else { throw TestTimeout(waitingFor: "the end of \(pid)", seen: "") }
    var number: Int32 = 0
    LastWill.withdraw(.process(pid))
    waitpid(pid, &number, 0)
    let ended = ExitStatus(waitStatus: number)
    status = ended
    return ended
  }
}

/// Waits until `descriptor` can be read or has ended; false after `deadline`.
func isReadable(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> Bool {
  while true {
    let left = ContinuousClock.now.duration(to: deadline).components
    let milliseconds = Int32(clamping: max(0, left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000))
    var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&source, 1, milliseconds)
    if ready >= 0 || errno != EINTR { return ready > 0 }
  }
}
