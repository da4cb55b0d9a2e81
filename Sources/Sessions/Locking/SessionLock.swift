internal import Files
internal import Glibc

/// A lock between the processes of a user, which the kernel frees when its holder ends, however it ends (flock(2)).
///
/// The file tells who holds it and whether AWS refused them, and nothing else; it stays where it is.
struct SessionLock: ~Copyable {
  private let file: FileDescriptor

  init(named name: String, in folder: RuntimeFolder) throws(LockError) {
    file = try folder.file(name + ".lock")
  }

  /// Takes the lock if nobody has it.
  func isFree() -> Bool {
    file.isLockFree()
  }

  /// Takes the lock when it is free; throws `.timedOut` after `seconds`.
  func wait(seconds: Int) throws(LockError) {
    do throws(FileFailure) {
      try file.lock(for: .seconds(seconds))
    } catch {
      throw error == .busy ? .timedOut(holder: holder, seconds: seconds) : LockError(error, at: "lock")
    }
  }

  /// The process that last took the lock.
  var holder: Int32? { note?.process }

  /// What the last holder left.
  var note: LockNote? {
    var bytes = [UInt8](repeating: 0, count: LockNote.size)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(file.number, $0.baseAddress, $0.count, 0) }
    return count == LockNote.size ? LockNote(bytes) : nil
  }

  /// Only the holder writes. A note that cannot be written costs the others a name in a message.
  func write(_ note: LockNote) {
    let bytes = note.bytes
    _ = unsafe bytes.withUnsafeBytes { unsafe pwrite(file.number, $0.baseAddress, $0.count, 0) }
  }
}
