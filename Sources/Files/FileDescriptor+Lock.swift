import Glibc

/// A lock between processes, which the kernel frees when its holder ends, however it ends (flock(2)).
extension FileDescriptor {
  /// Takes the lock if nobody has it .
  package func isLockFree() -> Bool {
    flock(number, LOCK_EX | LOCK_NB) == 0
  }

  /// Waits until no other process has the lock. flock(2) has no deadline of its own, and a process that holds a lock can
  /// be stopped for ever. Throws `.busy`.
  package func lock(for patience: Duration) throws(FileFailure) {
    guard !isLockFree() else { return }
    let alarm = try Alarm(after: patience)
    while flock(number, LOCK_EX) != 0 {
      guard errno == EINTR else { throw .last }
      guard !alarm.hasRung else { throw .busy }
    }
  }
}
