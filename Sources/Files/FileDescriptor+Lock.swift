import Glibc

/// A lock between processes, which the kernel frees when its holder ends, however it ends (flock(2)).
extension FileDescriptor {
  /// Takes the lock if nobody has it .
  package func isLockFree() -> Bool {
    flock(number, LOCK_EX | LOCK_NB) == 0
  }

  /// Waits until no other process has the lock. flock(2) has no deadline of its own, and a process that holds a lock can
  /// be stopped for ever; so it is tried again and again, ever less often. Throws `.busy`.
  package func lock(for patience: Duration) throws(FileFailure) {
    let deadline = ContinuousClock.now + patience
    var pause: useconds_t = 2_000
    while !isLockFree() {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw .last }
      guard ContinuousClock.now < deadline else { throw .busy }
      usleep(pause)
      pause = min(2 * pause, 100_000)
    }
  }
}
