internal import CLinux
import Glibc

/// An open file, closed when its owner ends.
package struct FileDescriptor: ~Copyable {
  package let number: Int32

  /// Takes over `number`; nil if it is the -1 of a call that failed.
  package init?(_ number: Int32) {
    guard number >= 0 else { return nil }
    self.number = number
  }

  deinit {
    close(number)
  }

  /// Gives up the file to the caller, who closes it.
  package consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }

  /// Everything up to the end of the file; throws the `errno` of the read, or `EFBIG` beyond `limit` bytes.
  ///
  /// - Parameters:
  ///   - size: in bytes, so that the end need not be looked for; 0 if it is not known.
  ///   - wait: comes before each read(2).
  package func readAll(
    limit: Int, size: Int = 0, after wait: () throws(FileFailure) -> Void = {}
  ) throws(FileFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while size <= limit, bytes.count <= limit {
      try wait()
      let chunk = try readSome(bytes.count < size ? size - bytes.count : max(65536, bytes.count))
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if chunk.isEmpty || bytes.count == size { return bytes }
    }
    throw .call(EFBIG)
  }

  package func writeAll(_ bytes: [UInt8]) throws(FileFailure) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe write(number, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count >= 0 { written += count } else if errno != EINTR { throw .last }
    }
  }

  /// What one read(2) gives; nothing at the end.
  private func readSome(_ capacity: Int) throws(FileFailure) -> [UInt8] {
    while true {
      var failure: FileFailure?
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        let got = unsafe read(number, buffer.baseAddress, capacity)
        if got < 0 { failure = .last }
        count = max(0, got)
      }
      guard let failure else { return chunk }
      if failure != .call(EINTR) { throw failure }
    }
  }
}

extension FileDescriptor {
  /// A config file of 10 000 profiles is 1 MB; what is larger than this is none.
  package static let largestFile = 32 << 20

  /// What the file at `path` holds; nil if there is none. A pipe is waited for as long as `timeout` says.
  package static func contents(ofFile path: String, timeout: Duration) throws(FileFailure) -> [UInt8]? {
    guard let file = try InputFile.open(path, timeout: timeout) else { return nil }
    return try file.readAll(limit: largestFile)
  }
}

// MARK: - Waiting

extension FileDescriptor {
  package enum Event { case reading, writing }

  /// Waits until `number` is ready for `event`, or reports an error or its end (poll(2)); false once the deadline has
  /// passed. Without one it waits for ever.
  package static func wait(
    for event: Event, on number: Int32, until deadline: ContinuousClock.Instant? = nil
  ) throws(FileFailure) -> Bool {
    var entry = pollfd(fd: number, events: Int16(event == .reading ? POLLIN : POLLOUT), revents: 0)
    while true {
      let count = unsafe poll(&entry, 1, deadline?.millisecondsAway ?? -1)
      if count >= 0 { return count > 0 }
      if errno != EINTR { throw .last }
    }
  }
}

extension ContinuousClock.Instant {
  /// As poll(2) takes it: rounded up, so that it has passed when poll(2) returns; 0 once it has passed.
  package var millisecondsAway: Int32 {
    let left = ContinuousClock.now.duration(to: self)
    return Int32(clamping: max(0, Int((left / .milliseconds(1)).rounded(.up))))
  }
}

// MARK: - Lock

/// A lock between processes, which the kernel frees when its holder ends, however it ends (flock(2)).
extension FileDescriptor {
  /// Takes the lock if nobody has it.
  package func tryLock() -> Bool {
    flock(number, LOCK_EX | LOCK_NB) == 0
  }

  /// Releases the lock, even if others have a copy of the descriptor. Closing ours would not: a child that is being started
  /// still has one.
  package func unlock() { flock(number, LOCK_UN) }

  /// Waits until no other process has the lock. flock(2) has no deadline of its own, and a process that holds a lock can
  /// be stopped for ever; so it is tried again and again, ever less often. Throws `.busy`.
  package func lock(for timeout: Duration) throws(FileFailure) {
    let deadline = ContinuousClock.now + timeout
    var pause: useconds_t = 2_000
    while !tryLock() {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw .last }
      guard ContinuousClock.now < deadline else { throw .busy }
      usleep(pause)
      pause = min(2 * pause, 100_000)
    }
  }
}

// MARK: - Metadata

extension FileDescriptor {
  /// Has the disk keep what was written.
  func synchronize() throws(FileFailure) {
    if fsync(number) != 0 { throw .last }
  }

  /// Which file was opened.
  package func identity() throws(FileFailure) -> FileIdentity {
    var status = stat()
    if unsafe fstat(number, &status) != 0 { throw .last }
    return FileIdentity(status)
  }

  func setMode(_ mode: mode_t) throws(FileFailure) {
    if fchmod(number, mode) != 0 { throw .last }
  }

  func setOwner(_ owner: uid_t, group: gid_t) throws(FileFailure) {
    if fchown(number, owner, group) != 0 { throw .last }
  }
}

// MARK: - Pipe

/// A pipe (pipe(2)) whose ends never wait, and are closed in a program that is started or that we become.
package struct Pipe: ~Copyable {
  package let readEnd: FileDescriptor
  package let writeEnd: FileDescriptor

  /// Nil if it cannot be made; errno(3) says why.
  package init?() {
    var ends: [Int32] = [-1, -1]
    guard unsafe linux_open_pipe(&ends) == 0, let readEnd = FileDescriptor(ends[0]),
      let writeEnd = FileDescriptor(ends[1])
    else { return nil }
    self.readEnd = readEnd
    self.writeEnd = writeEnd
  }
}

// MARK: - File failure

/// Why a file could not be read or replaced.
package enum FileFailure: Error, Equatable {
  /// A system call failed with this errno(3).
  case call(Int32)
  case notRegular
  /// Nothing came through a pipe in time.
  case silent
  /// The folder, or a link on the way to the file, belongs to another user.
  case foreign
  /// Somebody else changed the file since it was read.
  case modifiedConcurrently
  /// Another process of ours is changing it, and does not come to an end.
  case busy

  /// The failure of the call just made.
  package static var last: FileFailure { .call(errno) }
}

extension String {
  /// What errno means, in the C library's words.
  package static func systemError(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

// MARK: - Input file

/// A file that the user named, open for reading: a regular one, a pipe such as the shell's `<(…)`, or `/dev/null`.
///
/// Folders, sockets and other devices are refused: they may block for ever, or never end. A pipe is waited for, whether
/// its writer or what it writes is late, but not for ever.
package struct InputFile: ~Copyable {
  private let descriptor: FileDescriptor
  private let identity: FileIdentity
  private let deadline: ContinuousClock.Instant

  private init(_ descriptor: consuming FileDescriptor, _ identity: FileIdentity, timeout: Duration) {
    self.descriptor = descriptor
    self.identity = identity
    deadline = .now + timeout
  }

  /// Nil if there is no file at `path`. All that a pipe is to give has to come within `timeout`.
  package static func open(_ path: String, timeout: Duration) throws(FileFailure) -> InputFile? {
    // Neither waits for the writer of a pipe, nor makes a terminal ours.
    let number = unsafe Glibc.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard let descriptor = FileDescriptor(number) else {
      switch errno {
      case ENOENT, ENOTDIR: return nil
      // A socket, or a device that nothing is behind.
      case ENXIO, ENODEV: throw .notRegular
      default: throw .last
      }
    }
    let identity = try descriptor.identity()
    switch identity.kind {
    case .regular, .pipe, .nullDevice: return InputFile(descriptor, identity, timeout: timeout)
    case .folder: throw .call(EISDIR)
    case .link, .other: throw .notRegular
    }
  }

  /// Whether it is a regular file of this user.
  package var isOwnRegularFile: Bool { identity.isOurs && identity.isRegular }

  /// For one read(2) at a time, after `waitForData`.
  package var number: Int32 { descriptor.number }

  /// Waits until a pipe has something to read or has ended; throws `silent` if that takes too long.
  package func waitForData() throws(FileFailure) {
    guard identity.kind == .pipe else { return }
    // poll(2) reports nothing about a pipe that nobody has opened for writing yet.
    guard .now < deadline, try FileDescriptor.wait(for: .reading, on: number, until: deadline) else { throw .silent }
  }

  /// Everything up to the end of the file; throws `EFBIG` beyond `limit` bytes.
  package func readAll(limit: Int) throws(FileFailure) -> [UInt8] {
    // 0 also for the files of proc(5), which report no size.
    let size = identity.isRegular ? identity.size : 0
    return try descriptor.readAll(limit: limit, size: size) { () throws(FileFailure) in try waitForData() }
  }
}
