/// Lets one process at a time change a profile's key.
package struct KeyLocks {
  private let folder: RuntimeFolder

  package init(folder: RuntimeFolder) {
    self.folder = folder
  }

  /// Runs `body` while no other process of this user changes the key of `profile`; the lock ends with its process.
  ///
  /// Throws `RotationError.busy` where another one does, `.notLocked` where no lock can be had.
  package func withLock<Result: ~Copyable>(ofKeyOf profile: String, _ body: () throws -> Result) throws -> Result {
    let lock: SessionLock
    do throws(LockError) {
      lock = try SessionLock(named: "key-" + Self.fileName(of: profile), in: folder)
    } catch {
      throw RotationError.notLocked(error)
    }
    guard lock.isFree() else { throw RotationError.busy(process: lock.holder) }
    lock.write(.own)
    return try body()
  }

  /// A profile's name may hold anything.
  private static func fileName(of profile: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let bytes = profile.utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] }
    return String(decoding: bytes.prefix(200), as: UTF8.self)
  }
}
