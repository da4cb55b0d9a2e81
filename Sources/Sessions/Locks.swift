internal import Glibc
internal import Hashing
internal import POSIX

// MARK: - Key locks

/// Lets one process at a time change a profile's key.
package struct KeyLocks {
  private let folder: RuntimeFolder

  package init(folder: RuntimeFolder) {
    self.folder = folder
  }

  /// Runs `body` while no other process of this user changes the key of `profile`; the lock ends with its process.
  ///
  /// Throws `RotationError.busy` if another one does, `.notLocked` if no lock can be taken.
  package func withLock<Result: ~Copyable>(ofKeyOf profile: String, _ body: () throws -> Result) throws -> Result {
    let lock: NamedLock
    do throws(LockError) {
      lock = try NamedLock(named: "key-" + Self.fileName(of: profile), in: folder)
    } catch {
      throw RotationError.notLocked(error)
    }
    guard lock.file.tryLock() else { throw RotationError.busy(process: lock.holder) }
    lock.write(LockRecord())
    return try body()
  }

  /// A profile's name may hold anything.
  private static func fileName(of profile: String) -> String {
    String(Digest.hex(Array(profile.utf8)).prefix(200))
  }
}

// MARK: - Lock error

/// Why processes cannot be kept from getting the same session at once.
package enum LockError: Error, Equatable {
  /// Neither `XDG_RUNTIME_DIR` nor the home has a folder that is ours alone.
  case noFolder
  /// What stands at `path` is not ours, or not what we make there.
  case foreign(path: String)
  /// A system call failed with this errno(3).
  case failed(path: String, errno: Int32)
  /// Another process kept the lock all the time.
  case timedOut
}

extension LockError {
  /// A link in place of a file, a file in place of a folder, and the reverse are not ours.
  init(_ failure: FileFailure, at path: String) {
    self =
      switch failure {
      case .call(ELOOP), .call(ENOTDIR), .call(EISDIR), .call(ENXIO), .notRegular, .silent, .foreign,
        .modifiedConcurrently, .busy:
        .foreign(path: path)
      case .call(let errno): .failed(path: path, errno: errno)
      }
  }
}

// MARK: - Lock record

/// What the holder of a lock tells those who wait: its process, and when AWS refused it, if it did.
struct LockRecord {
  var process = Int64(getpid())
  /// Nanoseconds since the machine started (CLOCK_BOOTTIME); 0 if it was not refused.
  var refused: UInt64 = 0

  static var now: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

// MARK: - Named lock

/// A lock between the processes of a user, which the kernel frees when its holder ends, however it ends (flock(2)).
///
/// The file tells who holds it and whether AWS refused them, and nothing else; it stays where it is.
struct NamedLock: ~Copyable {
  fileprivate let name: String
  fileprivate let file: FileDescriptor

  init(named name: String, in folder: RuntimeFolder) throws(LockError) {
    self.name = name + ".lock"
    file = try folder.file(self.name)
  }

  deinit { file.unlock() }

  /// The process that last took the lock.
  var holder: Int32? { record.map { Int32(clamping: $0.process) } }

  /// What the last holder left.
  var record: LockRecord? {
    var record = LockRecord()
    let count = unsafe withUnsafeMutableBytes(of: &record) { unsafe pread(file.number, $0.baseAddress, $0.count, 0) }
    return count == MemoryLayout<LockRecord>.size ? record : nil
  }

  /// Only the holder writes. A record that cannot be written costs the others a name in a message.
  func write(_ record: LockRecord) {
    _ = unsafe withUnsafeBytes(of: record) { unsafe pwrite(file.number, $0.baseAddress, $0.count, 0) }
  }
}

// MARK: - Named locks

/// Lets one process at a time get a session, or refresh a token, while the others wait for what it gets.
package final class NamedLocks {
  private let folder: RuntimeFolder
  private let timeout: Int
  private let tell: (Event) -> Void
  private var isUnlockedTold = false

  /// What the user may want to know.
  package enum Event: Equatable {
    /// Another process has the lock; nil if it is not known which.
    case waiting(Int32?)
    /// There is no lock, so that several processes may ask AWS for the same. Reported once.
    case notLocked(LockError)
  }

  /// `timeout` is how long to wait for others, in seconds.
  package init(folder: RuntimeFolder, timeout: Int, tell: @escaping (Event) -> Void) {
    self.folder = folder
    self.timeout = timeout
    self.tell = tell
  }

  /// Runs `body` while no other process runs it for the same name: the digest of a plan, or what is shared by several.
  ///
  /// Throws `SessionError.busy` if another process takes too long, `SessionError.refusedElsewhere` if AWS refused the one
  /// that was waited for: it would be asked the same again.
  package func withLock<Result: ~Copyable>(named name: String, _ body: () throws -> Result) throws -> Result {
    let lock: NamedLock
    do throws(LockError) {
      lock = try NamedLock(named: name, in: folder)
    } catch {
      if !isUnlockedTold { tell(.notLocked(error)) }
      isUnlockedTold = true
      return try body()
    }
    try take(lock)
    lock.write(LockRecord())
    do {
      return try body()
    } catch  where error.isRefusal {
      lock.write(LockRecord(refused: LockRecord.now))
      throw error
    }
  }

  private func take(_ lock: borrowing NamedLock) throws {
    guard !lock.file.tryLock() else { return }
    let start = LockRecord.now
    tell(.waiting(lock.holder))
    do throws(FileFailure) {
      try lock.file.lock(for: .seconds(timeout))
    } catch {
      guard error == .busy else { throw LockError(error, at: folder.path(of: lock.name) ?? lock.name) }
      throw SessionError.busy(process: lock.holder, seconds: timeout)
    }
    if let record = lock.record, record.refused > start {
      throw SessionError.refusedElsewhere(process: Int32(clamping: record.process))
    }
  }
}

extension NamedLocks? {
  /// Runs `body` under the lock of `name`; under none if processes share nothing.
  func withLock<Result: ~Copyable>(named name: String, _ body: () throws -> Result) throws -> Result {
    guard let locks = self else { return try body() }
    return try locks.withLock(named: name, body)
  }
}

// MARK: - Runtime folder

/// A folder for this user alone: `daypass` in `$XDG_RUNTIME_DIR`, which ends with the login; without that, in
/// `$XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory Specification).
///
/// It and the files in it are made for their owner only; what is there already must be ours, and no link.
package struct RuntimeFolder: Sendable {
  private static let name = "daypass"
  /// Where it may be, the best first.
  private let places: [Place]

  /// A folder the user has, and what is made in it, each in the one before.
  private struct Place {
    let root: String
    let folders: [String]

    var path: String { folders.reduce(root) { $0 + "/" + $1 } }
  }

  /// A variable that is empty, or no absolute path, counts as unset.
  package init(environment: [String: String]) {
    func place(_ variable: String, _ folders: [String]) -> Place? {
      guard let root = environment[variable], root.hasPrefix("/") else { return nil }
      return Place(root: root, folders: folders)
    }
    let cache = place("XDG_CACHE_HOME", [Self.name]) ?? place("HOME", [".cache", Self.name])
    places = [place("XDG_RUNTIME_DIR", [Self.name]), cache].compactMap { $0 }
  }

  /// Where the file `name` is; nil if it is not there.
  func path(of name: String) -> String? {
    places.lazy.map { "\($0.path)/\(name)" }.first { path in unsafe access(path, F_OK) == 0 }
  }

  /// The file `name`, open for reading and writing, made if it is missing.
  func file(_ name: String) throws(LockError) -> FileDescriptor {
    var failure = LockError.noFolder
    for place in places {
      do throws(FileFailure) {
        return try Self.file(name, in: place)
      } catch {
        failure = LockError(error, at: "\(place.path)/\(name)")
      }
    }
    throw failure
  }

  private static func file(_ name: String, in place: Place) throws(FileFailure) -> FileDescriptor {
    let file = try folder(at: place).open(name, O_RDWR | O_CREAT | O_NONBLOCK, mode: 0o600)
    let identity = try file.identity()
    guard identity.isRegular else { throw .notRegular }
    guard identity.isOurs else { throw .foreign }
    return file
  }

  private static func folder(at place: Place) throws(FileFailure) -> Directory {
    var folder = try Directory(itself: place.root)
    for name in place.folders {
      let identity = try folder.identity()
      guard identity.isOurs, !identity.isWritableByOthers else { throw .foreign }
      folder = try folder.directory(name)
    }
    let identity = try folder.identity()
    guard identity.isOurs, identity.isPrivate else { throw .foreign }
    return folder
  }
}
