/// Lets one process at a time get a session, while the others wait for what it gets.
package final class SessionLocks {
  private let folder: RuntimeFolder
  private let patience: Int
  private let tell: (Event) -> Void
  private var isUnlockedTold = false

  /// What the user may want to know.
  package enum Event: Equatable {
    /// Another process is getting the session; nil where it is not known which.
    case waiting(Int32?)
    /// Sessions are got without a lock; told once.
    case notLocked(LockError)
  }

  /// `patience` is how long to wait for others, in seconds.
  package init(folder: RuntimeFolder, patience: Int, tell: @escaping (Event) -> Void) {
    self.folder = folder
    self.patience = patience
    self.tell = tell
  }

  /// Runs `body` while no other process runs it for the same digest.
  ///
  /// Throws `SessionError.busy` where another process takes too long, `SessionError.refusedElsewhere` where AWS refused
  /// the one that was waited for: it would be asked the same again.
  package func withLock<Result: ~Copyable>(of digest: PlanDigest, _ body: () throws -> Result) throws -> Result {
    let lock: SessionLock
    do throws(LockError) {
      lock = try SessionLock(named: digest.text, in: folder)
    } catch {
      if !isUnlockedTold { tell(.notLocked(error)) }
      isUnlockedTold = true
      return try body()
    }
    try take(lock)
    lock.write(.own)
    do {
      return try body()
    } catch  where error.isRefusal {
      lock.write(LockNote(process: LockNote.own.process, refused: LockNote.now))
      throw error
    }
  }

  private func take(_ lock: borrowing SessionLock) throws {
    guard !lock.isFree() else { return }
    let start = LockNote.now
    tell(.waiting(lock.holder))
    do throws(LockError) {
      try lock.wait(seconds: patience)
    } catch {
      switch error {
      case .timedOut(let holder, let seconds): throw SessionError.busy(process: holder, seconds: seconds)
      case .noFolder, .foreign, .failed: throw error
      }
    }
    if let note = lock.note, note.refused > start { throw SessionError.refusedElsewhere(process: note.process) }
  }
}
